#pragma once

#include "aws/model.hpp"
#include "net/http.hpp"

#include <string_view>

namespace iasql::fuzz {

// A small service of that protocol with every kind of shape and every place of a member, so that a byte or two reach
// what AWS's models have far apart.
const aws::Service& service_of(aws::Protocol protocol);

// One of the service's operations, chosen by the first byte, which is removed.
const aws::Operation& take_operation(const aws::Service& service, std::string_view& bytes);

// What a response made of "name: value" lines, an empty line and a body is, with status 200.
net::HttpResponse response_of(std::string_view bytes);

} // namespace iasql::fuzz
