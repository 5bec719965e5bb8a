#pragma once

// What the process that serves HTTP may ask of the one with the server's rights, as JSON: the fixed set of questions,
// and the values in them there and back. An answer is {"answer": …} or {"error": …}; a password is handed over in
// between ({"login": …}), and what it is for is undone unless {"taken": true} comes back.

#include "console/accounts.hpp"

#include <exception>
#include <string_view>

namespace iasql::console {

namespace question {
inline constexpr std::string_view endpoints = "endpoints";
inline constexpr std::string_view list = "list";
inline constexpr std::string_view find = "find";
inline constexpr std::string_view offer_trust = "offer trust";
inline constexpr std::string_view connect = "connect";
inline constexpr std::string_view rotate = "rotate";
inline constexpr std::string_view remove = "remove";
inline constexpr std::string_view renew_console_password = "renew console password";
inline constexpr std::string_view renew_own_password = "renew own password";
} // namespace question

Value write(const hosting::HostedDatabase& database);
hosting::HostedDatabase read_database(const Value& document);
Value write(const NewAccount& account);
NewAccount read_account(const Value& document);
Value write(const hosting::Login& login);
hosting::Login read_login(const Value& document);

Place read_place(const Value& document); // its member "emulator"

// An exception as a document, and thrown again from it: Failure, DatabaseError and Error as they were, others as a
// Failure that says no more than that there was one.
Value write(const std::exception& error);
[[noreturn]] void throw_error(const Value& document);

} // namespace iasql::console
