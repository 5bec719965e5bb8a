#pragma once

// The same as Accounts, for the process that serves HTTP: each call is a question to the one with the server's rights.

#include "console/accounts.hpp"
#include "console/lines.hpp"

namespace iasql::console {

class AccountsClient {
public:
  explicit AccountsClient(Switchboard& switchboard) : m_switchboard(switchboard) {}

  // Each throws what that of Accounts does, and Failure where the other process is gone.
  Endpoints endpoints();
  std::vector<hosting::HostedDatabase> list();
  hosting::HostedDatabase find(const std::string& name);
  TrustOffer offer_trust(const std::string& user, const std::string& role_arn, const std::string& region, Place place);
  void connect(const NewAccount& account, const hosting::HandOver& hand_over);
  void rotate(const std::string& database, const hosting::HandOver& hand_over);
  void remove(const std::string& database);
  std::string renew_console_password(const std::string& database);
  std::string renew_own_password();

private:
  Value ask(std::string_view question, Object more, const hosting::HandOver& hand_over = {});
  Switchboard& m_switchboard;
};

} // namespace iasql::console
