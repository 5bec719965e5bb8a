#include "extension/connection.hpp"

#include "aws/assumed_role.hpp"
#include "aws/client.hpp"
#include "extension/credentials.hpp"
#include "extension/journal.hpp"
#include "extension/pg/message.hpp"
#include "extension/pg/wait.hpp"
#include "extension/settings.hpp"
#include "extension/shared_quota.hpp"
#include "extension/store.hpp"
#include "modules/modules.hpp"
#include "net/http.hpp"
#include "net/system_environment.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <variant>

namespace iasql::extension {

namespace {

// NOTICEs and WARNINGs for the client, at once.
class MessageReport final : public engine::Report {
public:
  void notice(const std::string& message, const std::string& detail) override {
    pg::tell(pg::Level::notice, message, detail);
  }
  void warning(const std::string& message, const std::string& detail) override {
    pg::tell(pg::Level::warning, message, detail);
  }
};

// Stands where a client would, in calls that work offline.
class NoCaller final : public aws::Caller {
public:
  net::task<aws::Answer> call(aws::Call call) override {
    throw Error(sqlstate::internal_error, "an offline function called " + call.service + " " + call.operation);
  }
};

aws::ClientSettings client_settings(const Settings& settings) {
  aws::ClientSettings result;
  result.endpoint.url = settings.endpoint_url;
  result.endpoint.fips = settings.use_fips_endpoint;
  result.endpoint.dual_stack = settings.use_dualstack_endpoint;
  result.max_attempts = settings.max_attempts;
  result.user_agent = "iasql/" IASQL_VERSION;
  if (settings.log_level == LogLevel::debug)
    result.log = [](const std::string& line) { pg::tell(pg::Level::log, line); };
  return result;
}

// How long the credentials of a role are good: the least that AWS allows would end within a long apply.
constexpr std::chrono::hours session_length{1};

// Opens the stored key when the first call needs it, so that a call that turns out to need no AWS never does.
class StoredCredentials final : public aws::CredentialsProvider {
public:
  StoredCredentials(ConnectedAccount account, aws::ClientParts parts)
      : m_account(std::move(account)), m_parts(std::move(parts)) {}

  net::task<aws::Credentials> credentials() override {
    if (!m_opened) m_opened = opened();
    auto credentials = m_opened->credentials();
    co_return co_await std::move(credentials);
  }

  void forget(const aws::Credentials& refused) override {
    if (m_opened) m_opened->forget(refused);
  }

private:
  std::unique_ptr<aws::CredentialsProvider> opened() const {
    const auto secret = open_key(m_account);
    if (const auto* role = std::get_if<credentials::AccountRole>(&secret))
      return aws::assumed_role(m_parts, aws::fixed_credentials(servers_own_credentials()),
                               {.arn = role->arn,
                                .external_id = role->external_id,
                                .session_name = {},
                                .duration = session_length,
                                .region = m_account.region});
    const auto& key = std::get<credentials::AccessKey>(secret);
    return aws::fixed_credentials(
        {key.access_key_id, std::string(key.secret_access_key.view()), std::string(key.session_token.view())});
  }

  ConnectedAccount m_account;
  aws::ClientParts m_parts;
  std::unique_ptr<aws::CredentialsProvider> m_opened;
};

// The client and what it stands on.
struct Network {
  Network(net::Loop& loop, net::Clock& clock, net::Random& random, const ConnectedAccount& account,
          const Settings& settings)
      : http(net::make_curl_http(loop,
                                 settings.endpoint_url.empty() ? net::Addresses::public_only : net::Addresses::all)),
        quota(account.account_id), credentials(account, {*http, clock, random, quota, client_settings(settings)}),
        client(*http, clock, random, credentials, quota, client_settings(settings)) {}

  std::unique_ptr<net::Http> http;
  SharedQuota quota;
  StoredCredentials credentials;
  aws::Client client;
};

Account account_of(const std::optional<ConnectedAccount>& connected) {
  return connected ? Account{connected->account_id, connected->region, connected->access_key_id} : Account{};
}

} // namespace

struct Connection::Parts {
  Parts(Reach reach, const std::optional<ConnectedAccount>& connected, const Settings& settings)
      : store(account_of(connected)), journal(account_of(connected).id), loop(pg::wait_readable), clock(loop) {
    if (reach == Reach::aws) {
      if (!connected || connected->sealed.empty())
        throw Error(sqlstate::not_connected, "no AWS account is connected to this database", {},
                    "Connect one with \"iasql connect\"");
      network.emplace(loop, clock, random, *connected, settings);
    }
    aws::Caller& caller = network ? static_cast<aws::Caller&>(network->client) : no_caller;
    context.emplace(
        engine::Context{store, journal, caller, clock, random, report, modules::all_modules(), settings.engine});
  }

  PgStore store;
  PgJournal journal;
  MessageReport report;
  NoCaller no_caller;
  net::Loop loop;
  net::LoopClock clock;
  net::SystemRandom random;
  std::optional<Network> network;
  std::optional<engine::Context> context;
};

Connection::Connection(Reach reach) : m_parts(std::make_unique<Parts>(reach, connected_account(), settings())) {}

Connection::~Connection() = default;

engine::Context& Connection::context() {
  return *m_parts->context;
}

net::Loop& Connection::loop() {
  return m_parts->loop;
}

} // namespace iasql::extension
