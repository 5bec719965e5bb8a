// What the client repeats, and how often, over everything that can happen to a request; then two of the failures to
// survive: a storm of throttling, and a key or a clock that is wrong.

#include "aws/client_fixture.hpp"

namespace iasql::aws {
namespace {

// --- Which failure of which operation is repeated ---------------------------------------------------------------

enum class Kind { read, plain_write, create_with_token, create_without_token };

struct Operation {
  Kind kind;
  const char* name;
  Repeat repeat;
};

constexpr Operation operations[] = {
    {Kind::read, "DescribeThings", Repeat::if_not_sent},
    {Kind::plain_write, "CreateThing", Repeat::freely},
    {Kind::create_with_token, "CreateTokened", Repeat::if_not_sent},
    {Kind::create_without_token, "CreateThing", Repeat::if_not_sent},
};

const net::Headers date_of_later{{"date", "Sun, 22 Nov 2026 00:20:00 GMT"}};

struct FailureCase {
  const char* what;
  ScriptedHttp::Step step;
  bool create_is_repeated;  // also without a token
  bool others_are_repeated; // reads, plain writes, creates with a token
  Effect effect_on_a_write; // when it is all that happened
};

std::vector<FailureCase> failure_cases() {
  return {
      {"not sent", silence(Sent::nothing), true, true, Effect::none},
      {"sent and lost", silence(Sent::maybe), false, true, Effect::unknown},
      {"throttled, 400", refusal(400, "ThrottlingException"), true, true, Effect::none},
      {"throttled, 503", refusal(503, "SlowDown"), true, true, Effect::none},
      {"throttled, 429 without a code", answer(429, ""), true, true, Effect::none},
      {"500", answer(500, ""), false, true, Effect::unknown},
      {"502 in HTML", answer(502, "<html>Bad gateway</html>"), false, true, Effect::unknown},
      {"503 with a code", refusal(503, "ServiceUnavailable"), false, true, Effect::unknown},
      {"504", answer(504, ""), false, true, Effect::unknown},
      {"501", answer(501, ""), false, false, Effect::unknown},
      {"unreadable answer", answer(200, "garbage"), false, true, Effect::unknown},
      {"a timeout that AWS saw", refusal(400, "RequestTimeout"), false, true, Effect::none},
      {"refused", refusal(400, "ThingAlreadyExists"), false, false, Effect::none},
      {"refused, 403", refusal(403, "AccessDenied"), false, false, Effect::none},
      {"expired key, no newer one", refusal(403, "ExpiredToken"), false, false, Effect::none},
      {"wrong signature at the right time", refusal(403, "SignatureDoesNotMatch"), false, false, Effect::none},
      {"wrong clock", refusal(403, "RequestTimeTooSkewed", date_of_later), true, true, Effect::none},
  };
}

TEST_F(ClientTest, RepeatsExactlyWhatIsHarmless) {
  for (const FailureCase& failed : failure_cases()) {
    for (const Operation& operation : operations) {
      SCOPED_TRACE(std::string(failed.what) + ", " + operation.name + " " +
                   std::to_string(static_cast<int>(operation.kind)));
      quota = InProcessQuota();
      bool is_repeated =
          operation.kind == Kind::create_without_token ? failed.create_is_repeated : failed.others_are_repeated;
      script(failed.step, success());
      if (is_repeated) {
        EXPECT_EQ(call(operation.name, operation.repeat).output["id"], Value("thing-1"));
        EXPECT_EQ(http.requests.size(), 2u);
        continue;
      }
      auto facts = failure(operation.name, operation.repeat);
      EXPECT_EQ(http.requests.size(), 1u);
      EXPECT_EQ(facts.effect, operation.kind == Kind::read ? Effect::none : failed.effect_on_a_write);
    }
  }
}

TEST_F(ClientTest, WhatHappenedFirstStillCountsInTheEnd) {
  for (const FailureCase& first : failure_cases()) {
    if (!first.others_are_repeated) continue;
    SCOPED_TRACE(first.what);
    quota = InProcessQuota();
    script(first.step, refusal(400, "ThingAlreadyExists"));
    EXPECT_EQ(failure("CreateTokened").effect, first.effect_on_a_write);
    EXPECT_EQ(http.requests.size(), 2u);
  }
}

TEST_F(ClientTest, OnlySuccessPaysBack) {
  script(answer(500, ""), refusal(400, "ThingAlreadyExists"));
  failure("DescribeThings");
  EXPECT_EQ(quota_left(), 486);
  script(refusal(400, "ThingAlreadyExists"));
  failure("DescribeThings");
  EXPECT_EQ(quota_left(), 486);
  script(refusal(400, "Throttling"), refusal(400, "Throttling"), refusal(400, "Throttling"));
  failure("DescribeThings");
  EXPECT_EQ(quota_left(), 476);
}

TEST_F(ClientTest, AMemberCalledErrorIsNoError) {
  script(answer(200, R"({"id": "thing-1", "Error": "a text", "code": "Throttling"})"));
  EXPECT_EQ(call("DescribeThings").output["id"], Value("thing-1"));
  EXPECT_EQ(http.requests.size(), 1u);
}

TEST_F(ClientTest, AModelledErrorIsRepeatedAsItsModelSays) {
  script(refusal(400, "Busy"), success());
  EXPECT_EQ(call("CreateModelled", Repeat::if_not_sent).output["id"], Value("thing-1"));
  EXPECT_EQ(clock.sleeps, std::vector{500ms});
  script(refusal(400, "CodeOfItsOwn"), success());
  EXPECT_EQ(call("CreateModelled", Repeat::if_not_sent).output["id"], Value("thing-1"));
  script(refusal(409, "NotNow"), success());
  EXPECT_EQ(call("CreateModelled").output["id"], Value("thing-1"));
  EXPECT_EQ(clock.sleeps, std::vector{25ms});
  script(refusal(409, "NotNow"));
  EXPECT_EQ(failure("CreateModelled", Repeat::if_not_sent).effect, Effect::none);
  script(refusal(429, "Final"));
  EXPECT_EQ(failure("CreateModelled").code, "Final");
}

TEST_F(ClientTest, DynamoDbsAnswersAreCheckedAgainstTheirChecksum) {
  model = read_service("dynamodb", things_model);
  const std::string right = "2303950524", wrong = "2303950523"; // of {"id":"x"}
  auto with_checksum = [](const std::string& checksum) {
    return answer(200, R"({"id":"x"})", {{"x-amz-crc32", checksum}});
  };
  script(with_checksum(right));
  EXPECT_EQ(call("DescribeThings").output["id"], Value("x"));
  script(with_checksum(wrong), with_checksum(right));
  EXPECT_EQ(call("DescribeThings").output["id"], Value("x"));
  EXPECT_EQ(http.requests.size(), 2u);
  script(with_checksum(wrong));
  auto facts = failure("CreateThing", Repeat::if_not_sent);
  EXPECT_EQ(facts.code, "UnreadableAnswer");
  EXPECT_EQ(facts.effect, Effect::unknown);
  script(with_checksum("nonsense"));
  EXPECT_EQ(call("DescribeThings").output["id"], Value("x"));
  model = read_service("things", things_model);
  script(with_checksum(wrong));
  EXPECT_EQ(call("DescribeThings").output["id"], Value("x"));
}

// S3 begins to answer before it is done: the error is then in the body of a success.
TEST_F(ClientTest, AnErrorInASuccessIsAnError) {
  constexpr std::string_view buckets = R"({
    "metadata": {"protocol": "rest-xml", "endpointPrefix": "s3", "signingName": "s3", "apiVersion": "2006-03-01"},
    "operations": {
      "CopyThing": {"name": "CopyThing", "http": {"method": "PUT", "requestUri": "/x"}, "output": {"shape": "Copied"}},
      "GetThing": {"name": "GetThing", "http": {"method": "GET", "requestUri": "/x"}, "output": {"shape": "Got"}}},
    "shapes": {
      "Copied": {"type": "structure", "members": {"ETag": {"shape": "Text"}, "Error": {"shape": "Text"}}},
      "Got": {"type": "structure", "members": {"Body": {"shape": "Bytes"}}, "payload": "Body"},
      "Text": {"type": "string"}, "Bytes": {"type": "blob"}}})";
  model = read_service("s3", buckets);
  const std::string slow = "<?xml version=\"1.0\"?>\n<!-- late -->\n<Error><Code>SlowDown</Code></Error>";
  const std::string internal = "<Error><Code>InternalError</Code><Message>We met one</Message></Error>";
  const std::string copied = "<CopyResult><ETag>e</ETag><Error>no</Error></CopyResult>";
  script(answer(200, slow), answer(200, internal), answer(200, copied));
  EXPECT_EQ(call("CopyThing", Repeat::freely, {}).output["ETag"], Value("e"));
  script(answer(200, internal));
  auto facts = failure("CopyThing", Repeat::if_not_sent, {});
  EXPECT_EQ(facts.code, "InternalError");
  EXPECT_EQ(facts.status, 200);
  EXPECT_EQ(facts.effect, Effect::unknown);
  script(answer(200, internal));
  EXPECT_EQ(call("GetThing", Repeat::freely, {}).output["Body"].string().size(), 96u); // an object's bytes, in base64
}

TEST_F(ClientTest, DynamoDbHasAFourthAttemptUnlessASettingSaysOtherwise) {
  model = read_service("dynamodb", things_model);
  script(answer(500, ""), answer(500, ""), answer(500, ""), success());
  EXPECT_EQ(call("DescribeThings").output["id"], Value("thing-1"));
  EXPECT_EQ(clock.sleeps, (std::vector{12ms, 25ms, 50ms}));
  settings.max_attempts = 2;
  script(answer(500, ""), answer(500, ""));
  EXPECT_EQ(failure("DescribeThings").status, 500);
}

TEST_F(ClientTest, NothingBeginsAfterItsTime) {
  Client client(http, clock, random, *credentials, quota, settings);
  Call create{"things", "CreateThing", "eu-west-2", Object{{"name", "x"}}, Repeat::freely, 400ms};
  script(refusal(400, "Throttling"), success()); // the delay is 500 ms
  EXPECT_THROW(loop.run(client.call(create)), CallError);
  EXPECT_EQ(http.requests.size(), 1u);
  create.begin_within = 500ms;
  script(refusal(400, "Throttling"), success());
  EXPECT_EQ(loop.run(client.call(create)).output["id"], Value("thing-1"));
}

// --- F21: the key expires, the clock is wrong --------------------------------------------------------------------

// Keys that are numbered; forget() makes the next one, up to `last`, if what was refused is what it hands out now.
class NumberedKeys final : public CredentialsProvider {
public:
  net::task<Credentials> credentials() override {
    if (is_broken && number > 0) throw Error(sqlstate::not_connected, "the role cannot be assumed");
    co_return Credentials("AKIA" + std::to_string(number), "secret", "token");
  }
  void forget(const Credentials& refused) override {
    ++forgotten;
    if (refused.access_key_id == "AKIA" + std::to_string(number) && number < last) ++number;
  }

  int number = 0, last = 1'000, forgotten = 0;
  bool is_broken = false;
};

struct ExpiryTest : ClientTest {
  ExpiryTest() {
    auto provider = std::make_unique<NumberedKeys>();
    keys = provider.get();
    credentials = std::move(provider);
  }
  std::string key_of(std::size_t request) {
    std::string authorization = header(request, "Authorization");
    auto begin = authorization.find("AKIA");
    return authorization.substr(begin, authorization.find('/') - begin);
  }

  NumberedKeys* keys;
};

TEST_F(ExpiryTest, AnExpiredKeyIsRenewedOnceWhateverTheOperation) {
  for (const char* code : {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}) {
    for (const Operation& operation : operations) {
      SCOPED_TRACE(std::string(code) + " " + operation.name);
      int former = keys->number;
      script(refusal(400, code), success());
      EXPECT_EQ(call(operation.name, operation.repeat).output["id"], Value("thing-1"));
      EXPECT_EQ(key_of(0), "AKIA" + std::to_string(former));
      EXPECT_EQ(key_of(1), "AKIA" + std::to_string(former + 1));
      EXPECT_TRUE(clock.sleeps.empty());

      script(refusal(400, code), refusal(400, code), success());
      EXPECT_EQ(failure(operation.name, operation.repeat).code, code);
      EXPECT_EQ(http.requests.size(), 2u);
    }
  }
  EXPECT_EQ(quota_left(), 500);
}

TEST_F(ExpiryTest, WithoutANewerKeyARefusalIsFinal) {
  keys->last = 0;
  script(refusal(400, "ExpiredToken"));
  EXPECT_EQ(failure("CreateThing", Repeat::if_not_sent).effect, Effect::none);
  EXPECT_NE(last_hint.find("expired"), std::string::npos);

  keys->last = 1;
  keys->is_broken = true;
  script(refusal(400, "ExpiredToken"));
  EXPECT_EQ(failure("CreateThing", Repeat::if_not_sent).code, "ExpiredToken");
  EXPECT_NE(last_hint.find("the role cannot be assumed"), std::string::npos);
}

TEST_F(ExpiryTest, RenewalCostsNoRetry) {
  settings.max_attempts = 1;
  script(refusal(400, "ExpiredToken"), success());
  EXPECT_EQ(call("CreateThing", Repeat::if_not_sent).output["id"], Value("thing-1"));
  settings.max_attempts = 3;
  script(answer(500, ""), refusal(400, "ExpiredToken"), answer(500, ""), success());
  EXPECT_EQ(call("DescribeThings").output["id"], Value("thing-1"));
}

TEST_F(ExpiryTest, KeyAndClockAreMendedInOneCallEachOnce) {
  script(refusal(403, "RequestTimeTooSkewed", date_of_later), refusal(400, "ExpiredToken"), success());
  EXPECT_EQ(call("CreateThing", Repeat::if_not_sent).output["id"], Value("thing-1"));
  EXPECT_EQ(key_of(2), "AKIA1");
  EXPECT_EQ(header(2, "X-Amz-Date").substr(0, 13), "20261122T0020");
}

TEST_F(ExpiryTest, AnExpiredRequestIsOurClockFirst) {
  script(refusal(400, "RequestExpired", date_of_later), success());
  EXPECT_EQ(call("CreateThing", Repeat::if_not_sent).output["id"], Value("thing-1"));
  EXPECT_EQ(keys->forgotten, 0);
  EXPECT_EQ(header(1, "X-Amz-Date").substr(0, 13), "20261122T0020");
}

TEST_F(ExpiryTest, ALostCreateStaysInDoubtThroughARenewal) {
  script(silence(Sent::maybe), refusal(400, "ExpiredToken"), refusal(400, "ThingAlreadyExists"));
  EXPECT_EQ(failure("CreateTokened").effect, Effect::unknown);
}

TEST_F(ClientTest, ClocksWrongEitherWayAreCorrected) {
  for (const char* date : {"Sun, 22 Nov 2026 00:20:00 GMT", "Sat, 21 Nov 2026 23:40:00 GMT"}) {
    for (const char* code : {"RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture", "SignatureDoesNotMatch",
                             "InvalidSignatureException", "AuthFailure"}) {
      script(refusal(403, code, {{"date", date}}), success());
      EXPECT_EQ(call("CreateThing", Repeat::if_not_sent).output["id"], Value("thing-1")) << code << date;
      script(refusal(403, code, {{"date", date}}), refusal(403, code, {{"date", date}}));
      EXPECT_EQ(failure("CreateThing", Repeat::if_not_sent).effect, Effect::none) << code << date;
    }
  }
}

// --- F6: a storm of throttling -----------------------------------------------------------------------------------

// An account that takes so many requests a second and throttles the rest, as AWS does: sending less ends it.
class Throttling : public net::Http {
public:
  Throttling(ScriptedClock& clock, double rate) : m_clock(clock), m_rate(rate), m_tokens(rate) {}

  net::task<net::HttpResponse> send(net::HttpRequest, net::HttpLimits) override {
    ++requests;
    m_clock.time += 10ms; // what a request takes
    double seconds = std::chrono::duration<double>(m_clock.time - m_filled).count();
    m_filled = m_clock.time;
    m_tokens = std::min(m_rate, m_tokens + seconds * m_rate);
    if (m_clock.time < storm_ends && ++m_in_storm % 10 != 0) co_return refusal(503, "RequestLimitExceeded");
    if (m_tokens < 1) co_return refusal(503, "RequestLimitExceeded");
    m_tokens -= 1;
    co_return success();
  }

  int requests = 0;
  net::Time storm_ends{};

private:
  ScriptedClock& m_clock;
  double m_rate, m_tokens;
  net::Time m_filled = m_clock.time;
  int m_in_storm = 0;
};

struct StormTest : ClientTest {
  // How many requests `calls` calls cost that are made over and over, by whoever makes them, until each has succeeded.
  int requests_until_done(Throttling& service, int calls) {
    Client client(service, clock, random, *credentials, quota, settings);
    for (int i = 0; i < calls;) {
      try {
        Call create{"things", "CreateThing", "eu-west-2", Object{{"name", "x"}}, Repeat::if_not_sent};
        loop.run(client.call(create));
        ++i;
      } catch (const CallError& error) {
        EXPECT_EQ(error.code(), "RequestLimitExceeded");
        EXPECT_EQ(error.facts().effect, Effect::none);
        clock.time += 5s; // a session that was refused is run again by a person
      }
    }
    return service.requests;
  }
};

TEST_F(StormTest, ThirtySecondsOfThrottlingCostAtMostThreeTimesTheCalls) {
  constexpr int calls = 100;
  Throttling calm(clock, 1'000);
  ASSERT_EQ(requests_until_done(calm, calls), calls);
  for (double fraction : {0.05, 0.5, 0.95}) {
    random.next_fraction = fraction;
    quota = InProcessQuota();
    Throttling stormy(clock, 1'000);
    stormy.storm_ends = clock.time + 30s;
    EXPECT_LE(requests_until_done(stormy, calls), 3 * calls) << fraction;
  }
}

TEST_F(StormTest, AnAccountThatAllowsFewRequestsIsAskedAtMostThreeTimesAsOften) {
  constexpr int calls = 200;
  for (double rate : {2.0, 5.0, 20.0}) {
    quota = InProcessQuota();
    Throttling limited(clock, rate);
    EXPECT_LE(requests_until_done(limited, calls), 3 * calls) << rate;
  }
}

// While everything is throttled, the retries of all calls together are what the quota holds, however many there are.
TEST_F(StormTest, RetriesAreBoundedByTheQuotaNotByTheCalls) {
  random.next_fraction = 0;
  Throttling closed(clock, 0);
  for (int calls : {100, 1'000}) {
    quota = InProcessQuota();
    closed.requests = 0;
    Client client(closed, clock, random, *credentials, quota, settings);
    for (int i = 0; i < calls; ++i) {
      Call create{"things", "CreateThing", "eu-west-2", Object{{"name", "x"}}, Repeat::if_not_sent};
      EXPECT_THROW(loop.run(client.call(create)), CallError);
    }
    EXPECT_EQ(closed.requests, calls + 100); // 500 buys a hundred retries at 5 each
  }
}

// F26: a quota of the account that looks like throttling costs three requests and seconds, not minutes.
TEST_F(ClientTest, AQuotaOfTheAccountIsSoonReported) {
  random.next_fraction = 0.9999999;
  http.repeats_last = true;
  script(refusal(400, "LimitExceededException"));
  auto begun = clock.now();
  EXPECT_EQ(failure("CreateThing", Repeat::if_not_sent).code, "LimitExceededException");
  EXPECT_EQ(http.requests.size(), 3u);
  EXPECT_LE(clock.now() - begun, 3s);
  script(refusal(400, "VpcLimitExceeded"));
  failure("CreateThing", Repeat::if_not_sent);
  EXPECT_EQ(http.requests.size(), 1u);
}

} // namespace
} // namespace iasql::aws
