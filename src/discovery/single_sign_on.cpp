// IAM Identity Center: `aws sso login` leaves a token in a file, and the portal gives a role's keys for it. The file is
// only read; a token that has expired is renewed by signing in again.

#include "aws/protocol/timestamp.hpp"
#include "aws/refreshing_credentials.hpp"
#include "base/error.hpp"
#include "discovery/document.hpp"
#include "discovery/sources.hpp"
#include "discovery/unsigned_client.hpp"

#include <openssl/evp.h>

#include <array>

namespace iasql::discovery {

namespace {

struct SignOn {
  std::string profile, account_id, role_name, region, token_file;
};

[[noreturn]] void refuse(const SignOn& sign_on, const std::string& reason) {
  throw Error(sqlstate::not_connected, "profile " + sign_on.profile + ": " + reason, {},
              "Sign in with: aws sso login --profile " + sign_on.profile);
}

// The name of the token's file is the SHA-1 of the session's name, as every tool of AWS has it.
std::string sha1_hex(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1)
    throw Error(sqlstate::internal_error, "OpenSSL has no SHA-1");
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    hex += "0123456789abcdef"[digest[i] >> 4];
    hex += "0123456789abcdef"[digest[i] & 15];
  }
  return hex;
}

class SignOnCredentials : public aws::CredentialsProvider {
public:
  SignOnCredentials(aws::ClientParts parts, SignOn sign_on)
      : m_clock(parts.clock), m_sign_on(std::move(sign_on)), m_portal(std::move(parts)) {}

  net::task<aws::Credentials> credentials() override {
    SecretText token;
    read_token(token);
    aws::Call call;
    call.service = "sso";
    call.operation = "GetRoleCredentials";
    call.region = m_sign_on.region;
    call.input =
        Object{{"roleName", m_sign_on.role_name}, {"accountId", m_sign_on.account_id}, {"accessToken", token.text}};
    try {
      auto answering = m_portal.call(std::move(call));
      auto answer = co_await std::move(answering);
      co_return take(answer);
    } catch (const aws::CallError& error) {
      if (error.code() == "UnauthorizedException") refuse(m_sign_on, "its sign-on is no longer valid");
      throw Error(sqlstate::not_connected,
                  "profile " + m_sign_on.profile + ": no keys of role " + m_sign_on.role_name + " in account " +
                      m_sign_on.account_id + ": " + error.what(),
                  error.detail());
    }
  }

private:
  void read_token(SecretText& token) {
    SecretText file;
    if (read_file(m_sign_on.token_file, file) == FileFound::no) refuse(m_sign_on, "nobody has signed in yet");
    auto document = take_json(file.text);
    token.text = aws::take_secret(document, "accessToken");
    for (const char* unused : {"refreshToken", "clientSecret"})
      if (auto secret = aws::take_secret(document, unused); !secret.empty()) aws::wipe(secret);
    const auto expires = aws::parse_timestamp(document["expiresAt"].text());
    if (token.text.empty() || !expires) refuse(m_sign_on, m_sign_on.token_file + " is no token of a sign-on");
    if (*expires <= m_clock.now()) refuse(m_sign_on, "its sign-on has expired");
  }

  aws::Credentials take(aws::Answer& answer) {
    const Value& members = answer.output["roleCredentials"];
    aws::Credentials taken;
    taken.access_key_id = aws::take_secret(members, "accessKeyId");
    taken.secret_access_key = aws::take_secret(members, "secretAccessKey");
    taken.session_token = aws::take_secret(members, "sessionToken");
    const auto& expiration = members["expiration"];
    if (taken.access_key_id.empty() || taken.secret_access_key.empty() || taken.session_token.empty() ||
        !expiration.is_integer())
      throw Error(sqlstate::not_connected, "AWS's answer has no complete roleCredentials");
    taken.expires = net::Time(std::chrono::milliseconds(expiration.integer()));
    return taken;
  }

  net::Clock& m_clock;
  SignOn m_sign_on;
  UnsignedClient m_portal;
};

} // namespace

Finding from_single_sign_on(const Search& search, const std::string& profile) {
  const auto& section = settings_of(search, profile);
  if (!section.has("sso_account_id") && !section.has("sso_role_name"))
    return {nullptr, "profile " + profile + " has no sso_account_id"};

  auto refuse_setting = [&](const std::string& reason) {
    throw Error(sqlstate::not_connected, "profile " + profile + ": " + reason);
  };
  const aws::ConfigSection* session = nullptr;
  const std::string session_name(section.get("sso_session"));
  if (!session_name.empty()) {
    const auto& sessions = search.files.both.sso_sessions;
    const auto found = sessions.find(session_name);
    if (found == sessions.end()) refuse_setting("there is no [sso-session " + session_name + "]");
    session = &found->second;
  }
  auto setting = [&](std::string_view name) {
    auto own = section.get(name), shared = session ? session->get(name) : own;
    if (!own.empty() && !shared.empty() && own != shared)
      refuse_setting("its " + std::string(name) + " is not the one of [sso-session " + session_name + "]");
    if (own.empty()) own = shared;
    if (own.empty()) refuse_setting("it has no " + std::string(name));
    return std::string(own);
  };
  SignOn sign_on;
  sign_on.profile = profile;
  sign_on.account_id = setting("sso_account_id");
  sign_on.role_name = setting("sso_role_name");
  sign_on.region = setting("sso_region");
  const auto start_url = setting("sso_start_url");
  sign_on.token_file = search.environment.expanded("~/.aws/sso/cache/") +
                       sha1_hex(session_name.empty() ? start_url : session_name) + ".json";
  auto& clock = search.parts.clock;
  return {aws::refreshing_credentials(std::make_unique<SignOnCredentials>(search.parts, std::move(sign_on)), clock),
          {}};
}

} // namespace iasql::discovery
