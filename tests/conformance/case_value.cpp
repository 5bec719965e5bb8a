#include "conformance/case_value.hpp"

#include "aws/base64.hpp"

namespace conformance {

using namespace iasql;

Value our_value(const aws::Shape& shape, const Value& value, Value (*timestamp)(const Value& written)) {
  if (value.is_null() || shape.document) return value;
  switch (shape.type) {
  case aws::ShapeType::structure: {
    Object result;
    for (const auto& [name, member] : value.object()) {
      const aws::Member* known = shape.member(name);
      result.set(name, known ? our_value(*known->shape, member, timestamp) : member);
    }
    return result;
  }
  case aws::ShapeType::list: {
    Array result;
    for (const Value& element : value.array())
      result.push_back(our_value(*shape.element.shape, element, timestamp));
    return result;
  }
  case aws::ShapeType::map: {
    Object result;
    for (const auto& [name, member] : value.object())
      result.set(name, our_value(*shape.value.shape, member, timestamp));
    return result;
  }
  case aws::ShapeType::timestamp:
    return timestamp(value);
  case aws::ShapeType::blob:
    return aws::base64_text(value.string());
  default:
    return value;
  }
}

} // namespace conformance
