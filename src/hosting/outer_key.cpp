#include "hosting/outer_key.hpp"

#include "credentials/key_file.hpp"
#include "hosting/failure.hpp"

#include <utility>

namespace iasql::hosting {

namespace {

bool exists(Database& any, const std::string& name) {
  return !any.query("SELECT FROM pg_database WHERE datname = $1", {{name}}).empty();
}

// Whether the database has a key at all.
bool wrap_key_again(const Hosting::Connect& connect, const std::string& name) {
  Database database = connect(name);
  if (database.query("SELECT FROM pg_extension WHERE extname = 'iasql'").empty()) return false;
  database.query("SELECT iasql.wrap_key_again()");
  return !database.query("SELECT FROM iasql.connection WHERE sealed IS NOT NULL").empty();
}

} // namespace

long long wrap_keys_again(const Hosting::Connect& connect) {
  Database postgres = connect("postgres");
  long long count = 0;
  // Those made from here on get their key wrapped for the current outer key. One that takes no connections may have a
  // key too, and is left out only where it is PostgreSQL's own template.
  for (const auto& row :
       postgres.query("SELECT datname FROM pg_database WHERE datallowconn OR NOT datistemplate ORDER BY datname")) {
    const auto& name = *row[0];
    try {
      count += wrap_key_again(connect, name) ? 1 : 0;
    } catch (const DatabaseError& error) {
      if (!exists(postgres, name)) continue;
      throw Failure("the key of database " + name + " could not be wrapped again: " + error.what(),
                    "The server's former key is kept until every database has been asked. Where one takes no "
                    "connections: ALTER DATABASE … ALLOW_CONNECTIONS true, then the same command again.");
    }
  }
  return count;
}

long long rotate_outer_key(const std::filesystem::path& key_file, uid_t owner, const Hosting::Connect& connect) {
  auto keys = credentials::read_key_file(key_file.string(), owner);
  // Two are what a rotation has left that did not come to its end.
  if (keys.size() == 1) {
    keys.insert(keys.begin(), credentials::generate_key_pair().secret_key);
    credentials::replace_key_file(key_file.string(), keys);
  }
  const auto count = wrap_keys_again(connect);
  keys.erase(keys.begin() + 1, keys.end());
  credentials::replace_key_file(key_file.string(), keys);
  return count;
}

} // namespace iasql::hosting
