#pragma once

// Errors that a user reads. Each carries a SQLSTATE; those of our own class, "IQ", are documented in
// docs/reference/errors.md and listed here in one place.

#include <stdexcept>
#include <string>
#include <string_view>

namespace iasql {

namespace sqlstate {
inline constexpr std::string_view internal_error = "XX000";
inline constexpr std::string_view query_canceled = "57014";
inline constexpr std::string_view serialization_failure = "40001";
inline constexpr std::string_view insufficient_privilege = "42501";
inline constexpr std::string_view unknown_module = "IQ001"; // no module of that name
inline constexpr std::string_view module_in_use = "IQ002";  // another module needs it, or changes are unapplied
inline constexpr std::string_view table_exists = "IQ003";   // a table or type of that name is already there
inline constexpr std::string_view table_changed = "IQ004";  // a module table was dropped, renamed or cannot be trusted
inline constexpr std::string_view upgrade_needed = "IQ005"; // tables are of another version than the library
inline constexpr std::string_view not_connected = "IQ006";  // no account is connected, or its key cannot be read
inline constexpr std::string_view not_confirmed = "IQ007";  // rows from another database or account
inline constexpr std::string_view change_failed = "IQ010";  // AWS refused one or more changes
inline constexpr std::string_view read_failed = "IQ011";    // AWS could not be read
inline constexpr std::string_view in_doubt = "IQ012";       // the outcome of an operation is not known yet
inline constexpr std::string_view protected_object = "IQ013"; // what AWS makes for every account stays
inline constexpr std::string_view too_many_deletes = "IQ014"; // more than iasql.max_deletes
inline constexpr std::string_view data_loss = "IQ015";        // a replace that loses data needs iasql.allow_data_loss
inline constexpr std::string_view invalid_value = "IQ016";    // a value that AWS would refuse
inline constexpr std::string_view missing_value = "IQ017";    // a value that AWS needs
inline constexpr std::string_view unresolved_reference = "IQ018"; // a row points at something that is not there
inline constexpr std::string_view dependency_cycle = "IQ019";     // changes wait for each other
inline constexpr std::string_view no_worker = "IQ020";            // the journal's worker cannot run: no effects
inline constexpr std::string_view invalid_document = "IQ021";     // JSON or XML that cannot be read
inline constexpr std::string_view invalid_spec = "IQ022";         // a module's spec, model and tables disagree
inline constexpr std::string_view network_failed = "IQ023";       // no answer from the endpoint
} // namespace sqlstate

// `message` is one line that names what failed; `detail` and `hint` may be empty. None ends with a full stop.
class Error : public std::runtime_error {
public:
  Error(std::string_view sqlstate, const std::string& message, std::string detail = {}, std::string hint = {})
      : std::runtime_error(message), m_sqlstate(sqlstate), m_detail(std::move(detail)), m_hint(std::move(hint)) {}

  const std::string& sqlstate() const { return m_sqlstate; }
  const std::string& detail() const { return m_detail; }
  const std::string& hint() const { return m_hint; }

private:
  std::string m_sqlstate, m_detail, m_hint;
};

// The user cancelled, a timeout of PostgreSQL struck, or the session is being ended. Thrown by the event loop's waiter;
// nothing but the extension's door catches it.
class Interrupted : public std::exception {
public:
  const char* what() const noexcept override { return "interrupted"; }
};

} // namespace iasql
