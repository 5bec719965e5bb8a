#include "console/users.hpp"

#include "console/password.hpp"
#include "console/router.hpp"

#include <regex>

namespace iasql::console {

namespace {

User user_of(const hosting::Fields& row) {
  return {.name = *row[0], .is_administrator = row[1] == "t", .password_hash = *row[2]};
}

} // namespace

void Users::make_tables(hosting::Database& database) {
  database.query("CREATE TABLE IF NOT EXISTS public.console_user ("
                 " name text PRIMARY KEY,"
                 " is_administrator boolean NOT NULL,"
                 " password_hash text NOT NULL,"
                 " created timestamptz NOT NULL DEFAULT now())");
  database.query("CREATE TABLE IF NOT EXISTS public.console_database ("
                 " database text PRIMARY KEY REFERENCES public.hosted (name) ON DELETE CASCADE,"
                 " owner text NOT NULL REFERENCES public.console_user (name) ON DELETE CASCADE)");
  database.query("CREATE TABLE IF NOT EXISTS public.console_record ("
                 " at timestamptz NOT NULL DEFAULT now(),"
                 " who text NOT NULL,"
                 " what text NOT NULL,"
                 " about text NOT NULL,"
                 " address text NOT NULL)");
  // What was shown to a user goes with him: who is given his name later is somebody else.
  database.query("DELETE FROM public.reserved_external_id WHERE reserved_for <> $1"
                 " AND reserved_for NOT IN (SELECT name FROM public.console_user)",
                 {{hosting::operator_himself}});
  database.query("ALTER TABLE public.reserved_external_id ADD COLUMN IF NOT EXISTS console_user text"
                 " GENERATED ALWAYS AS (nullif(reserved_for, '')) STORED"
                 " REFERENCES public.console_user (name) ON DELETE CASCADE");
}

bool Users::is_empty() const {
  return m_connect().query("SELECT FROM public.console_user LIMIT 1").empty();
}

std::optional<User> Users::find(const std::string& name) const {
  const auto rows = m_connect().query(
      "SELECT name, is_administrator, password_hash FROM public.console_user WHERE name = $1", {{name}});
  if (rows.empty()) return std::nullopt;
  return user_of(rows[0]);
}

std::vector<User> Users::list() const {
  std::vector<User> result;
  for (const auto& row :
       m_connect().query("SELECT name, is_administrator, password_hash FROM public.console_user ORDER BY name"))
    result.push_back(user_of(row));
  return result;
}

void Users::add(const User& user) {
  if (!std::regex_match(user.name, std::regex("[a-z][a-z0-9._-]{0,39}")))
    throw BadRequest("a user's name has up to 40 lower case letters, digits, dots, dashes and underscores, and begins "
                     "with a letter");
  const auto added = m_connect().query("INSERT INTO public.console_user (name, is_administrator, password_hash)"
                                       " VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING name",
                                       {{user.name}, {user.is_administrator ? "t" : "f"}, {user.password_hash}});
  if (added.empty()) throw BadRequest("there is already a user called " + user.name);
}

void Users::set_password_hash(const std::string& name, const std::string& password_hash) {
  m_connect().query("UPDATE public.console_user SET password_hash = $2 WHERE name = $1", {{name}, {password_hash}});
}

void Users::remove(const std::string& name) {
  m_connect().query("DELETE FROM public.console_user WHERE name = $1", {{name}});
}

bool Users::may_use(const User& user, const std::string& database) const {
  return !m_connect()
              .query("SELECT FROM public.hosted LEFT JOIN public.console_database ON database = name"
                     " WHERE name = $1 AND state NOT IN ('making', 'removing') AND ($2 OR owner = $3)",
                     {{database}, {user.is_administrator ? "t" : "f"}, {user.name}})
              .empty();
}

void Users::give(const std::string& database, const std::string& user) {
  m_connect().query("INSERT INTO public.console_database (database, owner) VALUES ($1, $2)", {{database}, {user}});
}

std::map<std::string, std::string> Users::owners() const {
  std::map<std::string, std::string> result;
  for (const auto& row : m_connect().query("SELECT database, owner FROM public.console_database"))
    result.emplace(*row[0], *row[1]);
  return result;
}

void Users::record(const std::string& user, const std::string& what, const std::string& about,
                   const std::string& address) {
  m_connect().query("INSERT INTO public.console_record (who, what, about, address) VALUES ($1, $2, $3, $4)",
                    {{user}, {what}, {about}, {address}});
}

std::optional<std::string> make_first_administrator(Users& users) {
  if (!users.is_empty()) return std::nullopt;
  return renew_administrators_password(users);
}

std::string renew_administrators_password(Users& users) {
  auto password = random_password();
  const auto hash = password_hash(password);
  if (users.find(first_administrator))
    users.set_password_hash(first_administrator, hash);
  else
    users.add({.name = first_administrator, .is_administrator = true, .password_hash = hash});
  return password;
}

} // namespace iasql::console
