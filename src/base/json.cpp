#include "base/json.hpp"

#include "base/error.hpp"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <limits>

namespace iasql {

namespace {

// RapidJSON's events, turned into a Value; the stack holds the containers that are still open.
class Builder {
public:
  explicit Builder(int depth_limit) : m_depth_limit(depth_limit) {}

  bool Null() { return add(Value()); }
  bool Bool(bool boolean) { return add(boolean); }
  bool Int(int number) { return add(static_cast<std::int64_t>(number)); }
  bool Uint(unsigned number) { return add(static_cast<std::int64_t>(number)); }
  bool Int64(std::int64_t number) { return add(number); }
  bool Uint64(std::uint64_t number) {
    if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      return add(static_cast<double>(number));
    return add(static_cast<std::int64_t>(number));
  }
  bool Double(double number) { return add(number); }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) { return String(text, size, true); }
  bool String(const char* text, rapidjson::SizeType size, bool) { return add(std::string(text, size)); }
  bool StartObject() { return open(Object()); }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    m_open.back().name.assign(text, size);
    return true;
  }
  bool EndObject(rapidjson::SizeType) { return close(); }
  bool StartArray() { return open(Array()); }
  bool EndArray(rapidjson::SizeType) { return close(); }

  Value result;

private:
  struct Open {
    Value container;
    std::string name;
  };

  bool open(Value container) {
    if (static_cast<int>(m_open.size()) >= m_depth_limit) return false;
    m_open.push_back({std::move(container), {}});
    return true;
  }

  bool close() {
    Value closed = std::move(m_open.back().container);
    m_open.pop_back();
    return add(std::move(closed));
  }

  bool add(Value value) {
    if (m_open.empty())
      result = std::move(value);
    else if (Open& parent = m_open.back(); parent.container.is_array())
      parent.container.array().push_back(std::move(value));
    else
      // Twins, which RFC 8259 leaves open, stay; the first is found. Looking for them would take quadratic time.
      parent.container.object().add(std::move(parent.name), std::move(value));
    return true;
  }

  int m_depth_limit;
  std::vector<Open> m_open;
};

void write_value(rapidjson::Writer<rapidjson::StringBuffer>& writer, const Value& value) {
  if (value.is_null()) {
    writer.Null();
  } else if (value.is_boolean()) {
    writer.Bool(value.boolean());
  } else if (value.is_integer()) {
    writer.Int64(value.integer());
  } else if (value.is_double()) {
    writer.Double(value.number());
  } else if (value.is_string()) {
    writer.String(value.string().data(), static_cast<rapidjson::SizeType>(value.string().size()));
  } else if (value.is_array()) {
    writer.StartArray();
    for (const Value& element : value.array())
      write_value(writer, element);
    writer.EndArray();
  } else {
    writer.StartObject();
    for (const auto& [name, member] : value.object()) {
      writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
      write_value(writer, member);
    }
    writer.EndObject();
  }
}

} // namespace

Value read_json(std::string_view text, int depth_limit) {
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::Reader reader;
  Builder builder(depth_limit);
  constexpr unsigned flags =
      rapidjson::kParseIterativeFlag | rapidjson::kParseFullPrecisionFlag | rapidjson::kParseValidateEncodingFlag;
  auto outcome = reader.Parse<flags>(stream, builder);
  if (outcome.Code() == rapidjson::kParseErrorTermination)
    throw Error(sqlstate::invalid_document, "JSON is nested deeper than " + std::to_string(depth_limit) + " levels");
  if (outcome.IsError())
    throw Error(sqlstate::invalid_document, "not JSON: " + std::string(rapidjson::GetParseError_En(outcome.Code())) +
                                                " (at byte " + std::to_string(outcome.Offset()) + ")");
  return std::move(builder.result);
}

std::string write_json(const Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  write_value(writer, value);
  return {buffer.GetString(), buffer.GetSize()};
}

} // namespace iasql
