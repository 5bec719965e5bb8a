#pragma once

// botocore's paginators and waiters of every version of every service model, and values for the shapes of their
// operations. The models are known to aws::service() as "service@version".

#include "aws/model.hpp"
#include "base/value.hpp"

#include <string>
#include <vector>

namespace conformance {

struct Listed {
  std::string service; // "ec2@2016-11-15"
  std::string name, operation;
};

enum class ListedKind { paginator, waiter };

// In the models' order. Unpacked from the build's wheel into the build folder by the first call; throws
// std::runtime_error where that fails.
std::vector<Listed> listed(ListedKind kind);

// A small value of the shape with a value for every scalar that is not nested deeply, another one for each `number`.
iasql::Value sample(const iasql::aws::Shape& shape, int number);

} // namespace conformance
