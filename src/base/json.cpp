#include "base/json.hpp"

#include "base/error.hpp"
#include "base/utf8.hpp"

#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <charconv>
#include <cmath>

namespace iasql {

namespace {

// RapidJSON's events as ours.
class Listener {
public:
  Listener(JsonEvents& events, int depth_limit, std::string_view document)
      : m_events(events), m_depth_limit(depth_limit), m_is_checked(is_surely_utf8(document)) {}

  bool Null() { return scalar(Value()); }
  bool Bool(bool boolean) { return scalar(boolean); }
  // Not asked for: numbers come as texts.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) { return scalar(number({text, size})); }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    m_events.string(checked({text, size}));
    return true;
  }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    m_events.key(checked({text, size}));
    return true;
  }
  bool StartObject() {
    if (++m_depth > m_depth_limit) return false;
    m_events.begin_object();
    return true;
  }
  bool StartArray() {
    if (++m_depth > m_depth_limit) return false;
    m_events.begin_array();
    return true;
  }
  bool EndObject(rapidjson::SizeType) { return end(); }
  bool EndArray(rapidjson::SizeType) { return end(); }

private:
  // RapidJSON lets half a surrogate pair through that is written as an escape. Most documents have none, and are looked
  // at once instead of string by string.
  static bool is_surely_utf8(std::string_view document) {
    return document.find("\\u") == std::string_view::npos && is_utf8(document);
  }
  std::string_view checked(std::string_view text) const {
    if (!m_is_checked && !is_utf8(text)) throw Error(sqlstate::invalid_document, "not JSON: a string is not UTF-8");
    return text;
  }
  // `text` is a number as JSON has it. RapidJSON's own reading of "0e308" is undefined behaviour.
  static Value number(std::string_view text) {
    const char* end = text.data() + text.size();
    if (text.find_first_of(".eE") == std::string_view::npos) {
      std::int64_t integer = 0;
      if (std::from_chars(text.data(), end, integer).ec == std::errc()) return integer;
    }
    double floating = 0;
    if (std::from_chars(text.data(), end, floating).ec == std::errc()) return floating;
    // Too large or too small to tell from zero.
    long double wide = 0;
    bool is_read = std::from_chars(text.data(), end, wide).ec == std::errc();
    if (!is_read || std::isinf(static_cast<double>(wide)))
      throw Error(sqlstate::invalid_document, "not JSON: a number is too large or too small");
    return static_cast<double>(wide);
  }
  bool scalar(const Value& value) {
    m_events.scalar(value);
    return true;
  }
  bool end() {
    --m_depth;
    m_events.end();
    return true;
  }

  JsonEvents& m_events;
  int m_depth_limit;
  bool m_is_checked; // the whole document: it is UTF-8, and every string in it
  int m_depth = 0;
};

// Events as a Value. What is open is filled where it will stay; nothing beside it is added until it ends.
class Builder : public JsonEvents {
public:
  explicit Builder(Value& result) : m_result(result) {}

  void scalar(const Value& value) override { next() = value; }
  void string(std::string_view text) override { next() = text; }
  void begin_array() override {
    Value& value = next();
    value.make_array();
    m_open.push_back(&value);
  }
  void begin_object() override {
    Value& value = next();
    value.make_object();
    m_open.push_back(&value);
  }
  void key(std::string_view name) override { m_key = name; }
  void end() override { m_open.pop_back(); }

private:
  Value& next() {
    if (m_open.empty()) return m_result;
    Value& parent = *m_open.back();
    if (parent.is_array()) return parent.array().emplace_back();
    // Twins, which RFC 8259 leaves open, stay; the first is found. Looking for them would take quadratic time.
    return parent.object().add(m_key);
  }

  Value& m_result;
  std::vector<Value*> m_open;
  std::string_view m_key; // within the text that is read
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
    const std::string_view text = value.string();
    writer.String(text.empty() ? "" : text.data(), static_cast<rapidjson::SizeType>(text.size()));
  } else if (value.is_array()) {
    writer.StartArray();
    for (const Value& element : value.array())
      write_value(writer, element);
    writer.EndArray();
  } else {
    writer.StartObject();
    for (const auto& [name, member] : value.object()) {
      writer.Key(name.empty() ? "" : name.data(), static_cast<rapidjson::SizeType>(name.size()));
      write_value(writer, member);
    }
    writer.EndObject();
  }
}

} // namespace

void read_json_in_place(std::span<char> document, JsonEvents& events, int depth_limit) {
  // Recursion goes as deep as the limit at most.
  rapidjson::InsituStringStream stream(document.data());
  rapidjson::Reader reader;
  Listener listener(events, depth_limit, {document.data(), document.size()});
  auto outcome = reader.Parse<rapidjson::kParseInsituFlag | rapidjson::kParseNumbersAsStringsFlag>(stream, listener);
  if (outcome.Code() == rapidjson::kParseErrorTermination)
    throw Error(sqlstate::invalid_document, "JSON is nested deeper than " + std::to_string(depth_limit) + " levels");
  // NUL, which is nowhere allowed, ends the stream.
  if (!outcome.IsError() && stream.Tell() != document.size())
    throw Error(sqlstate::invalid_document, "not JSON: it has a NUL byte");
  if (outcome.IsError())
    throw Error(sqlstate::invalid_document, "not JSON: " + std::string(rapidjson::GetParseError_En(outcome.Code())) +
                                                " (at byte " + std::to_string(outcome.Offset()) + ")");
}

Value read_json(std::string_view text, int depth_limit) {
  Value result;
  Builder builder(result);
  std::string copy(text);
  read_json_in_place(copy, builder, depth_limit);
  return result;
}

std::string write_json(const Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  write_value(writer, value);
  return {buffer.GetString(), buffer.GetSize()};
}

} // namespace iasql
