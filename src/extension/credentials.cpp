#include "extension/credentials.hpp"

#include "aws/config_file.hpp"
#include "aws/key_of_file.hpp"
#include "base/error.hpp"
#include "credentials/core_file.hpp"
#include "credentials/key_file.hpp"
#include "extension/pg/server.hpp"
#include "extension/pg/sql.hpp"
#include "extension/settings.hpp"
#include "extension/store.hpp"

#include <sodium.h>
#include <unistd.h>

#include <filesystem>

namespace iasql::extension {

namespace {

std::string hexadecimal(const std::string& bytes) {
  std::string digits(2 * bytes.size() + 1, '\0');
  sodium_bin2hex(digits.data(), digits.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  digits.pop_back();
  return digits;
}

std::string from_hexadecimal(const std::string& digits) {
  std::string bytes(digits.size() / 2, '\0');
  std::size_t size = 0;
  sodium_hex2bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), digits.data(), digits.size(), nullptr,
                 &size, nullptr);
  bytes.resize(size);
  return bytes;
}

// A key beside the data it protects would be in every base backup.
void refuse_inside_data_directory(const std::string& path) {
  std::error_code unknown;
  auto folder = std::filesystem::weakly_canonical(std::filesystem::path(path).parent_path(), unknown);
  auto data = std::filesystem::weakly_canonical(pg::data_directory(), unknown);
  auto relative = folder.lexically_relative(data);
  if (!relative.empty() && *relative.begin() != "..")
    throw Error(sqlstate::not_connected, "key file \"" + path + "\" is in the data directory",
                "A base backup would hold the key together with what it opens",
                "Move it, and set iasql.key_file to where it is");
}

void refuse_other_account(const std::string& account_id) {
  auto others = pg::run({.text = "SELECT account FROM iasql.registry WHERE account <> $1 LIMIT 1",
                         .parameters = {account_id},
                         .as = pg::as_extension_owner});
  if (others.rows.empty()) return;
  throw Error(sqlstate::not_confirmed,
              "this database stands for account " + *others.rows.front()[0] + ", not for " + account_id,
              "Its rows are objects of that account",
              "Connect account " + account_id + " in a database of its own, or uninstall every module first");
}

void show_in_aws_account(const ConnectedAccount& account) {
  PgStore store({account.account_id, account.region, account.access_key_id});
  auto catalogue = store.catalogue();
  auto table = catalogue.tables.find("aws_account");
  if (table == catalogue.tables.end()) return;
  engine::Row columns{
      {"account_id", account.account_id}, {"access_key_id", account.access_key_id}, {"region", account.region}};
  auto rows = store.rows(table->second);
  if (rows.empty())
    store.insert_row(table->second, columns, {});
  else
    store.update_row(table->second, rows.front().key, columns);
}

} // namespace

std::optional<ConnectedAccount> connected_account() {
  auto found = pg::run({.text = "SELECT account_id, access_key_id, region, encode(sealed, 'hex') FROM iasql.connection",
                        .as = pg::as_extension_owner});
  if (found.rows.empty()) return {};
  const auto& row = found.rows.front();
  return ConnectedAccount{*row[0], *row[1], *row[2], from_hexadecimal(row[3].value_or(""))};
}

credentials::Destination destination(const std::string& account_id) {
  return {pg::system_identifier(), pg::database_oid(), account_id};
}

credentials::SecretKeys server_keys() {
  auto path = settings().key_file;
  credentials::refuse_core_files();
  if (path.empty()) return credentials::read_key_variable();
  if (!std::filesystem::path(path).is_absolute())
    throw Error(sqlstate::not_connected, "iasql.key_file must be an absolute path, not \"" + path + "\"");
  refuse_inside_data_directory(path);
  return credentials::read_key_file(path, ::geteuid());
}

credentials::Secret open_key(const ConnectedAccount& account) {
  auto secret = credentials::open(server_keys(), destination(account.account_id), account.sealed);
  const auto* role = std::get_if<credentials::AccountRole>(&secret);
  const auto& name = role ? role->arn : std::get<credentials::AccessKey>(secret).access_key_id;
  if (name != account.access_key_id)
    throw Error(sqlstate::not_connected, "what is sealed is not the AWS key or role " + account.access_key_id, {},
                "Connect the account again with \"iasql connect\"");
  return secret;
}

aws::Credentials servers_own_credentials() {
  const auto key_file = settings().key_file;
  if (key_file.empty())
    throw Error(sqlstate::not_connected, "a server whose key is in its environment cannot assume roles", {},
                "Set iasql.key_file");
  credentials::refuse_core_files();
  const auto path = (std::filesystem::path(key_file).parent_path() / "aws").string();
  return aws::key_of_file(credentials::read_private_file(path, ::geteuid(), aws::largest_config_file).view(), path);
}

void connect(ConnectedAccount account) {
  // Before the server's keys are read: wrap_key_again() waits for whoever may store a key wrapped for a former one.
  pg::run({.text = "LOCK TABLE iasql.connection IN ROW EXCLUSIVE MODE", .as = pg::as_extension_owner});
  open_key(account);
  if (auto wrapped = credentials::wrap_again(server_keys(), account.sealed)) account.sealed = *wrapped;
  refuse_other_account(account.account_id);
  pg::run({.text = "INSERT INTO iasql.connection AS was (account_id, access_key_id, region, sealed) "
                   "VALUES ($1, $2, $3, decode($4, 'hex')) ON CONFLICT (only_one) DO UPDATE SET "
                   "account_id = excluded.account_id, access_key_id = excluded.access_key_id, "
                   "region = excluded.region, sealed = excluded.sealed, connected_at = excluded.connected_at",
           .parameters = {account.account_id, account.access_key_id, account.region, hexadecimal(account.sealed)},
           .as = pg::as_extension_owner});
  show_in_aws_account(account);
}

void wrap_key_again() {
  pg::run({.text = "LOCK TABLE iasql.connection IN SHARE ROW EXCLUSIVE MODE", .as = pg::as_extension_owner});
  auto account = connected_account();
  if (!account || account->sealed.empty()) return;
  if (auto wrapped = credentials::wrap_again(server_keys(), account->sealed))
    pg::run({.text = "UPDATE iasql.connection SET sealed = decode($1, 'hex')",
             .parameters = {hexadecimal(*wrapped)},
             .as = pg::as_extension_owner});
}

} // namespace iasql::extension
