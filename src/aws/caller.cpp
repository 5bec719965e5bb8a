#include "aws/caller.hpp"

#include <algorithm>

namespace iasql::aws {

namespace {

std::string message_of(const CallError::Facts& facts) {
  return facts.code.empty() ? facts.message : facts.code + ": " + facts.message;
}

std::string detail_of(const CallError::Facts& facts) {
  std::string detail = "Operation " + facts.operation + " of " + facts.service + " in " + facts.region;
  if (!facts.request_id.empty()) detail += ", request id " + facts.request_id;
  if (facts.status != 0) detail += ", HTTP status " + std::to_string(facts.status);
  if (facts.effect == CallError::Effect::unknown) detail += "; whether it took effect is not known";
  return detail;
}

std::string hint_of(const CallError::Facts& facts) {
  auto code_is_one_of = [&](std::initializer_list<std::string_view> codes) {
    return std::find(codes.begin(), codes.end(), facts.code) != codes.end();
  };
  if (code_is_one_of({"UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId", "AuthFailure",
                      "SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature"}))
    return "Check the access key that is connected: its id, its secret, and that it is active";
  if (code_is_one_of({"ExpiredToken", "ExpiredTokenException", "RequestExpired"}))
    return "The session token has expired: connect again with a new one";
  if (code_is_one_of({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized"}))
    return "The connected key needs the IAM permission " + facts.service + ":" + facts.operation;
  if (code_is_one_of({"OptInRequired", "SubscriptionRequiredException"}))
    return "The account has to sign up for this service, or enable this region, first";
  if (facts.code == "RequestTimeTooSkewed") return "Check this machine's clock";
  return {};
}

std::string_view sqlstate_of(const CallError::Facts& facts) {
  if (facts.status == 0) return sqlstate::network_failed;
  return is_read_only(facts.operation) ? sqlstate::read_failed : sqlstate::change_failed;
}

} // namespace

bool is_read_only(std::string_view operation) {
  // Named like reads, but AWS makes, takes or uses up something: an identity, a task, a code, a token, a user, a job, a
  // file.
  static constexpr std::string_view writes[] = {
      "GetActivityTask",                       // stepfunctions
      "GetCaseAttachmentUploadUrl",            // security-ir
      "GetClientToken",                        // cognito-idp
      "GetClusterCredentials",                 // redshift
      "GetClusterCredentialsWithIAM",          // redshift
      "GetCredentials",                        // redshift-serverless
      "GetDelegatedAccessToken",               // sts
      "GetDerivedToken",                       // cognito-idp
      "GetId",                                 // cognito-identity
      "GetLatestConfiguration",                // appconfigdata
      "GetOpenIdTokenForDeveloperIdentity",    // cognito-identity
      "GetRegistrationCode",                   // iot
      "GetResourceOauth2Token",                // bedrock-agentcore
      "GetResourcePaymentToken",               // bedrock-agentcore
      "GetScalingConfigurationRecommendation", // sagemaker
      "GetTokensFromRefreshToken",             // cognito-idp
  };
  // Reads of services that call them otherwise.
  static constexpr std::string_view reads[] = {"FilterLogEvents",      "LookupEvents",           "Query", "Scan",
                                               "SimulateCustomPolicy", "SimulatePrincipalPolicy"};
  auto is_one_of = [&](auto& names) {
    return std::find(std::begin(names), std::end(names), operation) != std::end(names);
  };
  if (is_one_of(writes)) return false;
  if (is_one_of(reads)) return true;
  for (std::string_view verb : {"Describe", "Get", "List", "BatchGet", "BatchDescribe", "Head", "Search"})
    if (operation.starts_with(verb)) return true;
  return false;
}

CallError::CallError(Facts facts, std::string hint)
    : Error(sqlstate_of(facts), message_of(facts), detail_of(facts), hint.empty() ? hint_of(facts) : std::move(hint)),
      m_facts(std::move(facts)) {}

bool CallError::is_one_of(const std::vector<std::string>& codes) const {
  return std::find(codes.begin(), codes.end(), m_facts.code) != codes.end();
}

} // namespace iasql::aws
