#pragma once

#include "aws/model.hpp"

#include <string>
#include <vector>

namespace conformance {

// The names of all of botocore's service models, from the archive of this build; from then on aws::service() finds
// them. Those that no protocol here can speak are left out.
std::vector<std::string> callable_services();

} // namespace conformance
