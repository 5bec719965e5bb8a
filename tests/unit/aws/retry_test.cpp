#include "aws/quirks.hpp"
#include "aws/retry.hpp"

#include <gtest/gtest.h>

namespace iasql::aws {
namespace {

using namespace std::chrono_literals;
using Kind = FailureKind;

std::unique_ptr<Service> service_named(std::string_view name) {
  return read_service(name, R"({
    "metadata": {"protocol": "json", "jsonVersion": "1.1", "targetPrefix": "T", "endpointPrefix": "things"},
    "operations": {
      "Modelled": {"name": "Modelled", "http": {"method": "POST", "requestUri": "/"},
                   "errors": [{"shape": "Busy"}, {"shape": "NotNow"}, {"shape": "NotNowAtAll"}, {"shape": "Coded"},
                              {"shape": "Final"}, {"shape": "ThrottlingException"}]},
      "Plain": {"name": "Plain", "http": {"method": "POST", "requestUri": "/"}}},
    "shapes": {
      "Busy": {"type": "structure", "members": {}, "exception": true, "retryable": {"throttling": true}},
      "NotNow": {"type": "structure", "members": {}, "exception": true, "retryable": {}},
      "NotNowAtAll": {"type": "structure", "members": {}, "exception": true, "retryable": {"throttling": false}},
      "Coded": {"type": "structure", "members": {}, "exception": true, "retryable": {"throttling": true},
                "error": {"code": "CodeOfItsOwn"}},
      "Final": {"type": "structure", "members": {}, "exception": true},
      "ThrottlingException": {"type": "structure", "members": {}, "exception": true}}
  })");
}

struct Case {
  int status;
  const char* code;
  Kind kind;
};

void expect_kinds(std::string_view operation, std::initializer_list<Case> cases) {
  auto service = service_named("things");
  for (const auto& [status, code, kind] : cases)
    EXPECT_EQ(classify_failure(*service, service->operation(operation), status, code), kind) << status << " " << code;
}

TEST(Retry, KnowsThrottlingByItsCode) {
  expect_kinds("Plain", {{400, "Throttling", Kind::throttling},
                         {400, "ThrottlingException", Kind::throttling},
                         {400, "ThrottledException", Kind::throttling},
                         {400, "RequestThrottledException", Kind::throttling},
                         {400, "TooManyRequestsException", Kind::throttling},
                         {400, "ProvisionedThroughputExceededException", Kind::throttling},
                         {400, "TransactionInProgressException", Kind::throttling},
                         {503, "RequestLimitExceeded", Kind::throttling},
                         {509, "BandwidthLimitExceeded", Kind::throttling},
                         {400, "LimitExceededException", Kind::throttling},
                         {403, "RequestThrottled", Kind::throttling},
                         {503, "SlowDown", Kind::throttling},
                         {400, "PriorRequestNotComplete", Kind::throttling},
                         {502, "EC2ThrottledException", Kind::throttling},
                         {429, "ThrottlingException", Kind::throttling},
                         {400, "NotAThrottlingError", Kind::lasting},
                         {500, "InternalServerError", Kind::transient},
                         {400, "", Kind::lasting},
                         {500, "", Kind::transient}});
}

TEST(Retry, KnowsThrottlingByStatus429) {
  expect_kinds(
      "Plain",
      {{429, "429", Kind::throttling}, {429, "", Kind::throttling}, {429, "NotAThrottlingError", Kind::throttling}});
}

TEST(Retry, KnowsWhatMayGoAway) {
  expect_kinds("Plain", {{400, "RequestTimeout", Kind::transient},
                         {400, "RequestTimeoutException", Kind::transient},
                         {500, "", Kind::transient},
                         {502, "", Kind::transient},
                         {503, "", Kind::transient},
                         {504, "", Kind::transient},
                         {500, "InternalServiceError", Kind::transient},
                         {502, "BadError", Kind::transient},
                         {503, "Unavailable", Kind::transient},
                         {501, "", Kind::lasting},
                         {505, "", Kind::lasting},
                         {404, "", Kind::lasting},
                         {301, "", Kind::lasting},
                         {400, "InvalidVpcID.NotFound", Kind::lasting}});
}

TEST(Retry, TheModelsTraitGoesBeforeTheStatus) {
  expect_kinds("Modelled", {{400, "Busy", Kind::throttling},
                            {400, "NotNow", Kind::transient},
                            {400, "NotNowAtAll", Kind::transient},
                            {400, "CodeOfItsOwn", Kind::throttling},
                            {400, "Coded", Kind::lasting}, // the shape's name is not its code
                            {400, "Final", Kind::lasting},
                            {429, "Final", Kind::lasting},
                            {429, "NotNow", Kind::transient},
                            {429, "Busy", Kind::throttling},
                            {429, "CodeOfItsOwn", Kind::throttling},
                            {429, "NotModelled", Kind::throttling},
                            {429, "429", Kind::throttling},
                            {429, "", Kind::throttling},
                            {500, "Final", Kind::transient},
                            {503, "Busy", Kind::throttling},
                            {400, "ThrottlingException", Kind::throttling}});
  expect_kinds("Plain", {{400, "Busy", Kind::lasting}, {400, "NotNow", Kind::lasting}});
}

TEST(Retry, KnowsAWrongClockAndAnExpiredKey) {
  expect_kinds("Plain", {{403, "RequestTimeTooSkewed", Kind::clock_skew},
                         {403, "RequestInTheFuture", Kind::clock_skew},
                         {403, "SignatureDoesNotMatch", Kind::clock_skew},
                         {400, "InvalidSignatureException", Kind::clock_skew},
                         {401, "AuthFailure", Kind::clock_skew},
                         {400, "RequestExpired", Kind::expired_credentials},
                         {400, "ExpiredToken", Kind::expired_credentials},
                         {400, "ExpiredTokenException", Kind::expired_credentials},
                         {403, "UnrecognizedClientException", Kind::lasting}});
}

TEST(Retry, TheIdentityProvidersSilenceIsOfStsAlone) {
  auto sts = service_named("sts"), s3 = service_named("s3");
  EXPECT_EQ(classify_failure(*sts, sts->operation("Plain"), 400, "IDPCommunicationError"), Kind::transient);
  EXPECT_EQ(classify_failure(*sts, sts->operation("Plain"), 400, "NotIDPCommunicationError"), Kind::lasting);
  EXPECT_EQ(classify_failure(*s3, s3->operation("Plain"), 400, "IDPCommunicationError"), Kind::lasting);
}

constexpr double almost_one = 0.9999999;

TEST(Retry, DelaysGrowUpToTwentySeconds) {
  // The greatest delay of each retry, to the millisecond below.
  RetryFigures figures{100};
  const int transient[] = {49, 99, 199, 399, 799, 1'599, 3'199, 6'399, 12'799, 19'999, 19'999};
  const int throttling[] = {999, 1'999, 3'999, 7'999, 15'999, 19'999, 19'999};
  int attempt = 0;
  for (int longest : transient)
    EXPECT_EQ(retry_delay(figures, ++attempt, Kind::transient, almost_one), std::chrono::milliseconds(longest));
  attempt = 0;
  for (int longest : throttling)
    EXPECT_EQ(retry_delay(figures, ++attempt, Kind::throttling, almost_one), std::chrono::milliseconds(longest));
  EXPECT_EQ(retry_delay(figures, 99, Kind::transient, almost_one), 19'999ms);
  EXPECT_EQ(retry_delay(figures, 1, Kind::throttling, 0.25), 250ms);
  EXPECT_EQ(retry_delay(figures, 3, Kind::transient, 0), 0ms);
}

TEST(Retry, DelaysAreAsEvenlySpreadAsChance) {
  for (int part = 0; part < 128; ++part)
    EXPECT_EQ(retry_delay({100}, 10, Kind::transient, part / 128.0), std::chrono::milliseconds(20'000 * part / 128));
}

TEST(Retry, StopsAfterTheLastAttempt) {
  EXPECT_TRUE(retry_delay({3}, 1, Kind::transient, 0));
  EXPECT_TRUE(retry_delay({3}, 2, Kind::transient, 0));
  EXPECT_FALSE(retry_delay({3}, 3, Kind::transient, 0));
  EXPECT_FALSE(retry_delay({3}, 3, Kind::throttling, 0));
  EXPECT_FALSE(retry_delay({1}, 1, Kind::throttling, 0));
}

TEST(Retry, NeverRepeatsWhatLasts) {
  for (Kind kind : {Kind::lasting, Kind::clock_skew, Kind::expired_credentials}) {
    EXPECT_FALSE(retry_delay({3}, 1, kind, 0));
    EXPECT_FALSE(retry_delay({3}, 1, kind, 0, 10ms));
  }
}

TEST(Retry, DynamoDbHasFourAttemptsAndAShorterDelay) {
  for (const char* name : {"dynamodb", "dynamodbstreams"}) {
    RetryFigures figures = retry_figures(*service_named(name));
    EXPECT_EQ(retry_delay(figures, 1, Kind::transient, almost_one), 24ms) << name;
    EXPECT_EQ(retry_delay(figures, 2, Kind::transient, almost_one), 49ms);
    EXPECT_EQ(retry_delay(figures, 3, Kind::transient, almost_one), 99ms);
    EXPECT_EQ(retry_delay(figures, 4, Kind::transient, almost_one), std::nullopt);
    EXPECT_EQ(retry_delay(figures, 1, Kind::throttling, almost_one), 999ms);
  }
  RetryFigures figures = retry_figures(*service_named("ec2"));
  EXPECT_EQ(retry_delay(figures, 2, Kind::transient, almost_one), 99ms);
  EXPECT_FALSE(retry_delay(figures, 3, Kind::transient, almost_one));
}

TEST(Retry, DoesAsTheServerAsksWithinFiveSeconds) {
  EXPECT_EQ(retry_delay({3}, 1, Kind::throttling, 0.5, 1'500ms), 1'500ms);
  EXPECT_EQ(retry_delay({3}, 1, Kind::throttling, 0.5, 100ms), 500ms);
  EXPECT_EQ(retry_delay({3}, 1, Kind::throttling, 0.5, 3'600'000ms), 5'500ms);
  EXPECT_EQ(retry_delay({3}, 1, Kind::transient, almost_one, 1'500ms), 1'500ms);
  EXPECT_EQ(retry_delay({3}, 1, Kind::transient, almost_one, 0ms), 49ms);
  EXPECT_EQ(retry_delay({3}, 1, Kind::transient, almost_one, 10'000ms), 5'049ms);
  EXPECT_EQ(retry_delay({3}, 1, Kind::transient, 0, 0ms), 0ms);
}

TEST(Retry, ReadsTheServersWish) {
  EXPECT_EQ(parse_retry_after("1500"), 1'500ms);
  EXPECT_EQ(parse_retry_after("0"), 0ms);
  for (const char* bad : {"", "-1", "-100", "1.5", "1s", "soon", "invalid", " 1", "99999999999999999999999"})
    EXPECT_FALSE(parse_retry_after(bad)) << bad;
}

} // namespace
} // namespace iasql::aws
