// A role that a token of an identity provider may assume: Kubernetes service accounts, CI systems. The token's file is
// read at each renewal, since whoever writes it replaces it.

#include "aws/refreshing_credentials.hpp"
#include "base/error.hpp"
#include "discovery/sources.hpp"
#include "discovery/unsigned_client.hpp"

namespace iasql::discovery {

namespace {

struct WebIdentity {
  std::string token_file, role_arn, session_name, region;
};

class WebIdentityCredentials : public aws::CredentialsProvider {
public:
  WebIdentityCredentials(aws::ClientParts parts, WebIdentity identity)
      : m_random(parts.random), m_identity(std::move(identity)), m_sts(std::move(parts)) {}

  net::task<aws::Credentials> credentials() override {
    SecretText token;
    if (read_file(m_identity.token_file, token) == FileFound::no)
      throw Error(sqlstate::not_connected, "there is no web identity token file " + m_identity.token_file);
    aws::Call call;
    call.service = "sts";
    call.operation = "AssumeRoleWithWebIdentity";
    call.region = m_identity.region;
    call.input = Object{
        {"RoleArn", m_identity.role_arn},
        {"RoleSessionName", m_identity.session_name.empty() ? "iasql-" + m_random.uuid() : m_identity.session_name},
        {"WebIdentityToken", token.text}};
    try {
      auto answering = m_sts.call(std::move(call));
      auto answer = co_await std::move(answering);
      co_return aws::take_session_credentials(answer);
    } catch (const aws::CallError& error) {
      throw Error(sqlstate::not_connected,
                  "cannot assume role " + m_identity.role_arn + " with the token in " + m_identity.token_file + ": " +
                      error.what(),
                  error.detail());
    }
  }

private:
  net::Random& m_random;
  WebIdentity m_identity;
  UnsignedClient m_sts;
};

} // namespace

Finding from_web_identity(const Search& search, const std::string& profile) {
  const auto& section = settings_of(search, profile);
  auto setting = [&](std::string_view variable, std::string_view name) {
    auto value = search.variables == Variables::read ? search.environment.get(variable) : std::string_view();
    return std::string(value.empty() ? section.get(name) : value);
  };
  WebIdentity identity;
  identity.token_file = search.environment.expanded(setting("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file"));
  if (identity.token_file.empty())
    return {nullptr, search.variables == Variables::read ? "AWS_WEB_IDENTITY_TOKEN_FILE is not set and profile " +
                                                               profile + " has no web_identity_token_file"
                                                         : "profile " + profile + " has no web_identity_token_file"};
  identity.role_arn = setting("AWS_ROLE_ARN", "role_arn");
  if (identity.role_arn.empty())
    throw Error(sqlstate::not_connected, "there is a web identity token file and no role_arn or AWS_ROLE_ARN");
  identity.session_name = setting("AWS_ROLE_SESSION_NAME", "role_session_name");
  identity.region = search.region;
  auto& clock = search.parts.clock;
  return {
      aws::refreshing_credentials(std::make_unique<WebIdentityCredentials>(search.parts, std::move(identity)), clock),
      {}};
}

} // namespace iasql::discovery
