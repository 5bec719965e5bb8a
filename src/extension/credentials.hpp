#pragma once

// The account that this database is connected to: one row of iasql.connection, with the key sealed in it.

#include "aws/credentials.hpp"
#include "credentials/sealed.hpp"

#include <optional>
#include <string>

namespace iasql::extension {

struct ConnectedAccount {
  std::string account_id;
  std::string access_key_id; // or the ARN of the role that stands in its place
  std::string region;
  std::string sealed; // the key, as credentials::seal() made it; "" once it was forgotten
};

// Nothing where no account was ever connected.
std::optional<ConnectedAccount> connected_account();

// What ties a sealed key to this database and that account.
credentials::Destination destination(const std::string& account_id);

// The secret halves of the server's outer keys, from iasql.key_file or, where that is empty, the environment. Throws
// Error (not_connected) for whatever is wrong with the file, lying in the data directory included.
credentials::SecretKeys server_keys();

// The account's key or role, opened. Throws Error (not_connected).
credentials::Secret open_key(const ConnectedAccount& account);

// The key with which the server assumes roles, from file `aws` beside iasql.key_file. Throws Error (not_connected).
aws::Credentials servers_own_credentials();

// Connects the account in place of what was connected before, and shows it in table aws_account where that is
// installed. Throws Error (not_confirmed) where the database has objects of another account; (not_connected) where
// this server cannot open the key or it is not the one that `access_key_id` names; (23514) for an account id, key id
// or region that cannot be one.
void connect(ConnectedAccount account);

// Wraps the stored key for the server's current outer key where it is for a former one; nothing without a stored key.
// When it has committed, no key in this database needs a former one. Throws Error (not_connected) where the server has
// none of the keys that it needs.
void wrap_key_again();

} // namespace iasql::extension
