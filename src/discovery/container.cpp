// The role of a container in ECS or of a pod in EKS: a service beside it answers with keys, to whoever has the token
// that the container was given.

#include "aws/refreshing_credentials.hpp"
#include "base/error.hpp"
#include "discovery/document.hpp"
#include "discovery/metadata.hpp"
#include "discovery/sources.hpp"

#include <algorithm>

namespace iasql::discovery {

namespace {

using namespace std::chrono_literals;

constexpr MetadataLimits limits{2s, 3, 1s};

// Where the token may go without TLS, besides this machine itself.
constexpr std::string_view trusted_hosts[] = {"169.254.170.2", "169.254.170.23", "fd00:ec2::23", "localhost"};

struct Container {
  std::string url, token, token_file; // the token from its file where one is named
};

class ContainerCredentials : public aws::CredentialsProvider {
public:
  ContainerCredentials(const aws::ClientParts& parts, Container container)
      : m_http(parts.http), m_clock(parts.clock), m_container(std::move(container)) {}
  ~ContainerCredentials() override { aws::wipe(m_container.token); }

  net::task<aws::Credentials> credentials() override {
    net::HttpRequest request{"GET", m_container.url, {{"Accept", "application/json"}}, {}};
    if (auto token = read_token(); !token.empty()) request.headers.emplace_back("Authorization", std::move(token));
    const std::string whose = "the answer of the container's credentials service";
    try {
      auto fetching = fetch_metadata(m_http, m_clock, std::move(request), limits);
      auto response = co_await std::move(fetching);
      if (response.status != 200)
        throw Error(sqlstate::not_connected, whose + " has status " + std::to_string(response.status));
      auto found = take_credentials(response.body, "Token", whose);
      co_return found;
    } catch (const net::TransportError& error) {
      throw Error(sqlstate::not_connected,
                  std::string("no answer from the container's credentials service: ") + error.what());
    }
  }

private:
  std::string read_token() {
    std::string token = m_container.token;
    if (!m_container.token_file.empty()) {
      SecretText file;
      if (read_file(m_container.token_file, file) == FileFound::no)
        throw Error(sqlstate::not_connected, "there is no file " + m_container.token_file +
                                                 ", which AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names");
      token = file.text;
    }
    if (token.find_first_of(std::string_view("\r\n\0", 3)) != token.npos)
      throw Error(sqlstate::not_connected, "the container's authorization token has a line break");
    return token;
  }

  net::Http& m_http;
  net::Clock& m_clock;
  Container m_container;
};

} // namespace

Finding from_container(const Search& search) {
  const auto& environment = search.environment;
  Container container;
  const auto relative = environment.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  if (!relative.empty()) {
    container.url = std::string("http://169.254.170.2").append(relative);
    if (host_of(container.url).host != "169.254.170.2") // "@elsewhere", ".elsewhere"
      throw Error(sqlstate::not_connected, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is no path");
  } else {
    container.url = environment.get("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    if (container.url.empty())
      return {nullptr, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI are not set"};
    const auto [host, is_encrypted] = host_of(container.url);
    const bool is_trusted =
        is_encrypted || is_loopback(host) ||
        std::find(std::begin(trusted_hosts), std::end(trusted_hosts), host) != std::end(trusted_hosts);
    if (host.empty() || !is_trusted)
      throw Error(sqlstate::not_connected,
                  "AWS_CONTAINER_CREDENTIALS_FULL_URI leads elsewhere than to a container's credentials service", {},
                  "It is an https URL, or http to a loopback address, localhost, 169.254.170.2, 169.254.170.23 or "
                  "[fd00:ec2::23]");
  }
  container.token_file = environment.expanded(environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"));
  container.token = environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN");
  auto& clock = search.parts.clock;
  return {
      aws::refreshing_credentials(std::make_unique<ContainerCredentials>(search.parts, std::move(container)), clock),
      {}};
}

} // namespace iasql::discovery
