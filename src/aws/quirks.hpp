#pragma once

// What single services need and their models do not say: one row each, and nothing about a service anywhere else.

#include "aws/model.hpp"
#include "aws/retry.hpp"
#include "net/http.hpp"

namespace iasql::aws {

// Adds the headers that the service wants in every request.
void add_service_headers(const Service& service, net::Headers& headers);

// The text of a part of the path: where the service returns identifiers of that shape with a path before them and takes
// them without, what follows the last slash.
std::string_view path_label(const Service& service, const Shape& shape, std::string_view text);

// Whether the rules for the service's endpoints put the member's value into the URL: its part of the path is then left
// out.
bool is_part_of_endpoint(const Service& service, const Member& member);

// Whether the operation is called with the bucket's name in the path, never before the host.
bool needs_path_style(const Service& service, const Operation& operation);

// What the client sets of the endpoint rules' parameters that nothing else sets; null where it says nothing.
Value endpoint_setting(const Service& service, std::string_view parameter);

// Whether the answer's root element is the output's only member instead of having it.
bool is_output_unwrapped(const Service& service, const Operation& operation);

// How often, and how soon, the service's calls are repeated.
RetryFigures retry_figures(const Service& service);

// Whether an error of that code goes away by itself, which neither its status nor the model says.
bool is_transient_error(const Service& service, std::string_view code);

// Whether an answer with status 200 may have an error in its body: the work failed after the answer had begun.
bool may_fail_after_success(const Service& service);

// The answer's header with the CRC-32 of its body as a decimal number; "" for a service that sends none.
std::string_view crc32_header(const Service& service);

} // namespace iasql::aws
