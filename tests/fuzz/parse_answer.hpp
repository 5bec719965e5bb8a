#pragma once

#include "aws/model.hpp"

#include <string_view>

namespace iasql::fuzz {

// Parses the bytes (see response_of) as the operation's answer and checks that the output can go to PostgreSQL.
void parse_answer(const aws::Service& service, const aws::Operation& operation, std::string_view bytes);

} // namespace iasql::fuzz
