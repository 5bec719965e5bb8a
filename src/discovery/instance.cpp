// The role of an EC2 instance, from its metadata service, version 2: a token is asked for with PUT, then the role's
// name and its keys with that token. Version 1, which answers without a token, is never used. Keys that the service
// hands out though they have expired, as it does when it cannot renew them itself, are used a little longer, as AWS
// asks for.

#include "aws/refreshing_credentials.hpp"
#include "base/error.hpp"
#include "base/names.hpp"
#include "discovery/document.hpp"
#include "discovery/metadata.hpp"
#include "discovery/sources.hpp"

#include <algorithm>
#include <charconv>

namespace iasql::discovery {

namespace {

using namespace std::chrono_literals;

constexpr const char* token_lifetime = "21600"; // seconds, the longest there is
constexpr const char* credentials_path = "latest/meta-data/iam/security-credentials/";

struct Instance {
  std::string base_url; // with a "/" at its end
  MetadataLimits limits{1s, 1, 0s};
};

[[noreturn]] void refuse(const std::string& reason) {
  throw Error(sqlstate::not_connected, "the instance's metadata service " + reason);
}

class InstanceCredentials : public aws::CredentialsProvider {
public:
  InstanceCredentials(const aws::ClientParts& parts, Instance instance)
      : m_http(parts.http), m_clock(parts.clock), m_random(parts.random), m_instance(std::move(instance)) {}

  net::task<aws::Credentials> credentials() override {
    SecretText token, role, document;
    net::HttpRequest ask{"PUT",
                         m_instance.base_url + "latest/api/token",
                         {{"x-aws-ec2-metadata-token-ttl-seconds", token_lifetime}},
                         {}};
    auto asking = fetch(std::move(ask), "gives no token", token);
    co_await std::move(asking);
    if (token.text.empty() || token.text.find_first_of("\r\n") != token.text.npos) refuse("gives no token");
    net::HttpRequest list = with_token(credentials_path, token.text);
    auto listing = fetch(std::move(list), "names no role", role);
    co_await std::move(listing);
    const std::string name = role.text.substr(0, role.text.find_first_of("\r\n"));
    if (!is_role_name(name)) refuse("names no role");
    net::HttpRequest get = with_token(credentials_path + name, token.text);
    auto getting = fetch(std::move(get), "gives no keys of role " + name, document);
    co_await std::move(getting);
    auto found =
        take_credentials(document.text, "Token", "what the instance's metadata service gives for role " + name);
    use_longer_where_late(found);
    co_return found;
  }

private:
  net::HttpRequest with_token(const std::string& path, const std::string& token) const {
    return {"GET", m_instance.base_url + path, {{"x-aws-ec2-metadata-token", token}}, {}};
  }

  net::task<void> fetch(net::HttpRequest request, std::string failure, SecretText& body) {
    try {
      auto fetching = fetch_metadata(m_http, m_clock, std::move(request), m_instance.limits);
      auto response = co_await std::move(fetching);
      std::swap(body.text, response.body);
      if (response.status != 200) refuse(failure + ": status " + std::to_string(response.status));
    } catch (const net::TransportError&) {
      refuse("does not answer");
    }
  }

  static bool is_role_name(std::string_view name) {
    constexpr std::string_view others = "_+=,.@-";
    return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [&](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             others.find(c) != others.npos;
    });
  }

  void use_longer_where_late(aws::Credentials& found) {
    if (!found.expires || *found.expires - m_clock.now() > 15min) return;
    const std::chrono::seconds more(static_cast<long>(1020 + 480 * m_random.fraction())); // 17 to 25 minutes
    found.expires = m_clock.now() + more;
  }

  net::Http& m_http;
  net::Clock& m_clock;
  net::Random& m_random;
  Instance m_instance;
};

// A number from 1 to 3600, or `otherwise`.
int number(std::string_view text, int otherwise) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value >= 1 && value <= 3600 ? value : otherwise;
}

} // namespace

Finding from_instance(const Search& search, const std::string& profile) {
  const auto& section = settings_of(search, profile);
  auto setting = [&](std::string_view variable, std::string_view name) {
    const auto value = search.environment.get(variable);
    return value.empty() ? section.get(name) : value;
  };
  if (lower_case(search.environment.get("AWS_EC2_METADATA_DISABLED")) == "true")
    return {nullptr, "AWS_EC2_METADATA_DISABLED is true"};
  Instance instance;
  instance.base_url = setting("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint");
  if (instance.base_url.empty()) {
    const auto mode = setting("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode");
    instance.base_url = lower_case(mode) == "ipv6" ? "http://[fd00:ec2::254]/" : "http://169.254.169.254/";
  }
  if (host_of(instance.base_url).host.empty())
    throw Error(sqlstate::not_connected, "the endpoint of the instance's metadata service is no URL");
  if (instance.base_url.back() != '/') instance.base_url += '/';
  instance.limits.timeout =
      std::chrono::seconds(number(setting("AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout"), 1));
  instance.limits.attempts = number(setting("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts"), 1);
  auto& clock = search.parts.clock;
  return {aws::refreshing_credentials(std::make_unique<InstanceCredentials>(search.parts, std::move(instance)), clock),
          {}};
}

} // namespace iasql::discovery
