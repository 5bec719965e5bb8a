#pragma once

// A cloud in memory with the semantics that decide whether an engine is right: unique names, idempotency tokens,
// dependency violations, pages, read lag, and a network that loses answers, drops requests and delivers them late.
// The operations themselves are handlers by name; things.hpp and aws_operations.cpp bring them.

#include "aws/caller.hpp"
#include "simulation/virtual_environment.hpp"

#include <functional>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace iasql::simulation {

struct CloudObject {
  std::string type; // "named", "vpc"
  std::string id;
  std::string region;
  Object properties; // as AWS returns them, without tags
  std::map<std::string, std::string> tags;
  std::string token; // the idempotency token it was made with
  net::Time readable_from;
  std::optional<net::Time> deleted; // still readable for the read lag after that

  // Ghosts, which no operation shows.
  std::string maker;             // the session whose request made it, or "" for somebody else
  std::int64_t intent = 0;       // that session's intent
  std::set<std::string> meddled; // members that somebody else has set
  bool exists() const { return !deleted; }
};

class Cloud;

// A request as its handler sees it.
struct Request {
  Cloud& cloud;
  const aws::Call& call;
  net::Time now;
  std::string maker;
  std::int64_t intent = 0;

  const Value& input(std::string_view path) const { return call.input.at_path(path); }
  // Throws CallError: AWS says no.
  [[noreturn]] void refuse(const std::string& code, const std::string& message) const;
};

using Handler = std::function<Value(Request&)>;
using Handlers = std::map<std::string, Handler>; // by operation

// The state of the cloud: a value, so that a test can try two futures of it.
class Cloud {
public:
  explicit Cloud(const Handlers& handlers) : m_handlers(&handlers) {}

  // Carries the request out now. Throws CallError where AWS refuses it; Error (internal_error) for an operation that
  // the simulated cloud does not have.
  Value carry_out(const aws::Call& call, net::Time now, const std::string& maker, std::int64_t intent);

  // The object that exists, or nullptr.
  CloudObject* find(const std::string& type, const std::string& id, const std::string& region);
  CloudObject* find_if(const std::function<bool(const CloudObject&)>& matches);
  // What a listing shows, in the order of creation.
  std::vector<CloudObject*> readable(const std::string& type, const std::string& region, net::Time now);
  CloudObject& add(CloudObject object);
  CloudObject& create(Request& request, const std::string& type, const std::string& id, Object properties);
  void remove(CloudObject& object, net::Time now);
  std::string next_id(const std::string& prefix);
  // One page of a list, with NextToken in and out; 0 in page_size puts everything into one.
  Value page(const Request& request, const std::string& member, const std::vector<Value>& all) const;
  bool settled(net::Time now) const; // nothing is fresh and nothing dying
  std::vector<const CloudObject*> existing() const;

  // A request whose caller is gone and that has not arrived yet.
  struct Late {
    aws::Call call;
    std::string maker;
    std::int64_t intent = 0;
    net::Time at_last; // it arrives until then
  };
  std::vector<Late> late;
  void land(std::size_t index, net::Time now);
  void land_due(net::Time now);

  std::list<CloudObject> objects;
  std::chrono::milliseconds read_lag{0};
  std::size_t page_size = 0;

private:
  const Handlers* m_handlers;
  int m_next_number = 1;
};

bool is_write(const aws::Call& call);

enum class Fault {
  none,
  lost_answer, // carried out, the answer never comes
  dropped,     // not carried out, and nobody can know
  late,        // the same, and the request arrives later
  not_sent,    // not carried out, and the transport knows it
  throttled,
  refused, // AWS says no
};

// A session's way to the cloud.
class CloudDoor : public aws::Caller {
public:
  CloudDoor(Cloud& cloud, VirtualClock& clock, std::string maker)
      : m_cloud(cloud), m_clock(clock), m_maker(std::move(maker)) {}
  net::task<aws::Answer> call(aws::Call call) override;

  // What becomes of each call; none set: nothing goes wrong.
  std::function<Fault(const aws::Call&)> fault;
  // Before and after a write has its effect. `intent` tells which of the journal's intents a create belongs to.
  std::function<void(const aws::Call&)> before_effect, after_effect;
  std::function<std::int64_t(const aws::Call&)> intent;

  // Stepwise: a write waits before it is sent and again before its answer is handed over, until resume() is called.
  bool stepwise = false;
  struct Gate;
  const std::vector<Gate*>& waiting() const { return m_waiting; }
  void resume(Gate& gate, Fault fault);

  std::vector<aws::Call> calls; // all of them, in the order they were made

private:
  Cloud& m_cloud;
  VirtualClock& m_clock;
  std::string m_maker;
  std::vector<Gate*> m_waiting;
};

// Where a stepwise write waits.
struct CloudDoor::Gate {
  enum class Phase { send, answer };
  CloudDoor& door;
  const aws::Call& call;
  Phase phase;
  std::string seen; // what the answer says, for labels and hashes
  Fault fault = Fault::none;
  std::coroutine_handle<> handle;

  Gate(CloudDoor& door, const aws::Call& call, Phase phase) : door(door), call(call), phase(phase) {}
  Gate(const Gate&) = delete;
  ~Gate() { std::erase(door.m_waiting, this); }
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> awaiting) {
    handle = awaiting;
    door.m_waiting.push_back(this);
  }
  void await_resume() const {}
};

} // namespace iasql::simulation
