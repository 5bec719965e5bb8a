#include "simulation/simulated_cloud.hpp"

#include "base/json.hpp"

#include <algorithm>

namespace iasql::simulation {

using aws::CallError;

namespace {

CallError::Facts facts_of(const aws::Call& call) {
  CallError::Facts facts;
  facts.service = call.service;
  facts.operation = call.operation;
  facts.region = call.region;
  return facts;
}

[[noreturn]] void no_answer(const aws::Call& call, CallError::Effect effect, const std::string& message) {
  CallError::Facts facts = facts_of(call);
  facts.message = message;
  facts.effect = effect;
  throw CallError(std::move(facts));
}

} // namespace

bool is_write(const aws::Call& call) {
  const std::string& name = call.operation;
  return !name.starts_with("Describe") && !name.starts_with("List") && !name.starts_with("Get");
}

void Request::refuse(const std::string& code, const std::string& message) const {
  CallError::Facts facts = facts_of(call);
  facts.code = code;
  facts.message = message;
  facts.request_id = "request-of-" + call.operation;
  facts.status = 400;
  throw CallError(std::move(facts));
}

Value Cloud::carry_out(const aws::Call& call, net::Time now, const std::string& maker, std::int64_t intent) {
  auto handler = m_handlers->find(call.operation);
  if (handler == m_handlers->end())
    throw Error(sqlstate::internal_error, "the simulated cloud has no operation " + call.operation);
  Request request{*this, call, now, maker, intent};
  return handler->second(request);
}

CloudObject* Cloud::find_if(const std::function<bool(const CloudObject&)>& matches) {
  auto found =
      std::find_if(objects.begin(), objects.end(), [&](const CloudObject& o) { return o.exists() && matches(o); });
  return found == objects.end() ? nullptr : &*found;
}

CloudObject* Cloud::find(const std::string& type, const std::string& id, const std::string& region) {
  return find_if([&](const CloudObject& o) { return o.type == type && o.id == id && o.region == region; });
}

std::vector<CloudObject*> Cloud::readable(const std::string& type, const std::string& region, net::Time now) {
  std::vector<CloudObject*> found;
  for (CloudObject& object : objects)
    if (object.type == type && object.region == region && object.readable_from <= now &&
        (!object.deleted || now < *object.deleted + read_lag))
      found.push_back(&object);
  return found;
}

CloudObject& Cloud::add(CloudObject object) {
  return objects.emplace_back(std::move(object));
}

CloudObject& Cloud::create(Request& request, const std::string& type, const std::string& id, Object properties) {
  CloudObject object;
  object.type = type;
  object.id = id;
  object.region = request.call.region;
  object.properties = std::move(properties);
  object.readable_from = request.now + read_lag;
  object.maker = request.maker;
  object.intent = request.intent;
  return add(std::move(object));
}

void Cloud::remove(CloudObject& object, net::Time now) {
  object.deleted = now;
}

std::string Cloud::next_id(const std::string& prefix) {
  return prefix + "-" + std::to_string(m_next_number++);
}

Value Cloud::page(const Request& request, const std::string& member, const std::vector<Value>& all) const {
  const Value& token = request.input("NextToken");
  std::size_t from = token.is_null() ? 0 : std::stoul(token.string());
  std::size_t size = page_size ? page_size : all.size();
  std::size_t to = std::min(all.size(), from + size);
  Array items(all.begin() + static_cast<std::ptrdiff_t>(std::min(from, to)),
              all.begin() + static_cast<std::ptrdiff_t>(to));
  Object output;
  output.set(member, std::move(items));
  if (to < all.size()) output.set("NextToken", std::to_string(to));
  return output;
}

bool Cloud::settled(net::Time now) const {
  return std::all_of(objects.begin(), objects.end(), [&](const CloudObject& o) {
    return o.readable_from <= now && (!o.deleted || *o.deleted + read_lag <= now);
  });
}

std::vector<const CloudObject*> Cloud::existing() const {
  std::vector<const CloudObject*> found;
  for (const CloudObject& object : objects)
    if (object.exists()) found.push_back(&object);
  return found;
}

void Cloud::land(std::size_t index, net::Time now) {
  Late request = late[index];
  late.erase(late.begin() + static_cast<std::ptrdiff_t>(index));
  try {
    carry_out(request.call, now, request.maker, request.intent);
  } catch (const CallError&) {
    // Refused, and nobody is there to be told.
  }
}

void Cloud::land_due(net::Time now) {
  for (std::size_t index = 0; index < late.size();)
    if (late[index].at_last <= now)
      land(index, late[index].at_last);
    else
      ++index;
}

void CloudDoor::resume(Gate& gate, Fault what) {
  gate.fault = what;
  std::erase(m_waiting, &gate);
  auto handle = gate.handle;
  handle.resume();
}

net::task<aws::Answer> CloudDoor::call(aws::Call call) {
  calls.push_back(call);
  const bool write = is_write(call);
  m_cloud.land_due(m_clock.now());
  Fault what = Fault::none;
  if (stepwise && write) {
    Gate gate(*this, call, Gate::Phase::send);
    co_await gate;
    what = gate.fault;
  } else if (fault) {
    what = fault(call);
  }
  const std::int64_t intended = write && intent ? intent(call) : 0;
  if (what == Fault::not_sent) no_answer(call, CallError::Effect::none, "connection refused");
  if (what == Fault::dropped) no_answer(call, CallError::Effect::unknown, "timeout");
  if (what == Fault::late) {
    m_cloud.late.push_back({call, m_maker, intended, m_clock.now() + std::chrono::seconds(30)});
    no_answer(call, CallError::Effect::unknown, "timeout, the request is still under way");
  }
  if (what == Fault::throttled || what == Fault::refused) {
    CallError::Facts facts = facts_of(call);
    facts.code = what == Fault::throttled ? "ThrottlingException" : "AccessDenied";
    facts.message = what == Fault::throttled ? "Rate exceeded" : "You are not allowed to do this";
    facts.request_id = "request-of-" + call.operation;
    facts.status = 400;
    throw CallError(std::move(facts));
  }
  aws::Answer answer;
  std::exception_ptr refusal;
  if (write && before_effect) before_effect(call);
  try {
    answer.output = m_cloud.carry_out(call, m_clock.now(), m_maker, intended);
    answer.request_id = "request-" + std::to_string(calls.size()) + "-of-" + m_maker;
  } catch (const CallError&) {
    refusal = std::current_exception();
  }
  if (write && after_effect) after_effect(call);
  if (what == Fault::lost_answer) no_answer(call, CallError::Effect::unknown, "the answer was lost");
  if (stepwise && write) {
    Gate gate(*this, call, Gate::Phase::answer);
    gate.seen = refusal ? "refused" : write_json(answer.output);
    co_await gate;
  }
  if (refusal) std::rethrow_exception(refusal);
  co_return answer;
}

} // namespace iasql::simulation
