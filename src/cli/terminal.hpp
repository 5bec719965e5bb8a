#pragma once

// What the command line says and asks. Results alone go to standard output, everything else to standard error.

#include "credentials/locked_bytes.hpp"

#include <string>

namespace iasql::cli {

void say(const std::string& line);
// Whether the operator answers yes; "no" where there is no terminal to ask at.
bool confirm(const std::string& question);
// A secret, which `what` names and `of` says more about: typed without echo where standard input is a terminal, else
// the next line of it. Throws Failure where there is none.
credentials::LockedBytes read_secret(const std::string& what, const std::string& of = {});
// "12 MB"
std::string readable_size(long long bytes);

} // namespace iasql::cli
