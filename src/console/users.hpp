#pragma once

// The console's users and whose databases are whose: two tables in the bookkeeping database, beside the list of hosted
// databases. A database without an owner there (one that the command line made) is the administrators' alone.

#include "hosting/hosting.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace iasql::console {

inline constexpr const char* first_administrator = "admin";

struct User {
  std::string name;
  bool is_administrator = false;
  std::string password_hash;
};

class Users {
public:
  // To the bookkeeping database.
  using Connect = std::function<hosting::Database()>;
  explicit Users(Connect connect) : m_connect(std::move(connect)) {}
  // Makes the tables where they are missing, in a session of the server's operator.
  static void make_tables(hosting::Database& database);

  bool is_empty() const;
  std::optional<User> find(const std::string& name) const;
  std::vector<User> list() const;
  // Throws BadRequest where there is one of that name, or the name is none.
  void add(const User& user);
  void set_password_hash(const std::string& name, const std::string& password_hash);
  // His databases are the administrators' from then on.
  void remove(const std::string& name);

  // The databases that a user may see; an administrator all.
  bool may_use(const User& user, const std::string& database) const;
  void give(const std::string& database, const std::string& user);
  // Whose databases are whose, by database; those that are the administrators' alone are left out.
  std::map<std::string, std::string> owners() const;

  // One line of the record of who did what; never a secret.
  void record(const std::string& user, const std::string& what, const std::string& about, const std::string& address);

private:
  const Connect m_connect;
};

// Where there is no user yet, makes the first administrator and gives his password, which is not kept.
std::optional<std::string> make_first_administrator(Users& users);
// A new password for him; makes him where he is missing.
std::string renew_administrators_password(Users& users);

} // namespace iasql::console
