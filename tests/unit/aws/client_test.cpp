#include "aws/base64.hpp"
#include "aws/client_fixture.hpp"
#include "aws/redact.hpp"

namespace iasql::aws {
namespace {

TEST_F(ClientTest, AHostPrefixIsForAwssOwnEndpointOnly) {
  script(success());
  call("DescribeRemoteThings");
  EXPECT_EQ(http.requests.at(0).url, "https://data.things.eu-west-2.amazonaws.com/");
  settings.endpoint.url = "http://127.0.0.1:4566";
  script(success());
  call("DescribeRemoteThings");
  EXPECT_EQ(http.requests.at(0).url, "http://127.0.0.1:4566/");
}

TEST_F(ClientTest, SendsASignedRequestAndReadsTheAnswer) {
  script(success());
  auto answer = call("CreateThing");
  EXPECT_EQ(answer.output["id"], Value("thing-1"));
  EXPECT_EQ(answer.request_id, "request-1");
  ASSERT_EQ(http.requests.size(), 1u);
  EXPECT_EQ(http.requests[0].method, "POST");
  EXPECT_EQ(http.requests[0].url, "https://things.eu-west-2.amazonaws.com/");
  EXPECT_EQ(read_json(http.requests[0].body), Value(Object{{"name", "x"}}));
  EXPECT_EQ(header(0, "X-Amz-Target"), "Things_2026.CreateThing");
  EXPECT_NE(header(0, "Authorization").find("AKIATEST/20261122/eu-west-2/things/aws4_request"), std::string::npos);
  EXPECT_EQ(header(0, "User-Agent"), "iasql");
}

TEST_F(ClientTest, UsesTheEndpointUrl) {
  settings.endpoint.url = "http://127.0.0.1:4566/base/";
  script(success());
  call("CreateThing");
  EXPECT_EQ(http.requests[0].url, "http://127.0.0.1:4566/base/");
}

TEST_F(ClientTest, SignsNothingWhereTheModelSaysSo) {
  script(answer(200, "{}"));
  call("AssumeNothing", Repeat::freely, {});
  EXPECT_EQ(header(0, "Authorization"), "");
}

TEST_F(ClientTest, RefusesBadInputBeforeAnythingIsSent) {
  EXPECT_THROW(call("CreateThing", Repeat::freely, {}), Error);
  EXPECT_THROW(call("CreateThing", Repeat::freely, {{"name", "x"}, {"nonsense", 1}}), Error);
  EXPECT_THROW(call("NoSuchOperation"), Error);
  Client client(http, clock, random, *credentials, quota, settings);
  EXPECT_THROW(loop.run(client.call({"things", "DescribeThings", "nowhere", Object{{"name", "x"}}})), Error);
  EXPECT_TRUE(http.requests.empty());
}

TEST_F(ClientTest, RetriesTransientFailuresTwice) {
  script(answer(500, ""), answer(503, ""), success());
  EXPECT_EQ(call("DescribeThings").output["id"], Value("thing-1"));
  EXPECT_EQ(clock.sleeps, (std::vector<std::chrono::milliseconds>{25ms, 50ms}));

  script(answer(500, ""), silence(Sent::maybe), answer(502, ""));
  auto facts = failure("DescribeThings");
  EXPECT_EQ(facts.status, 502);
  EXPECT_EQ(facts.code, "Http502");
  EXPECT_EQ(facts.effect, Effect::none); // a read has none
  EXPECT_EQ(last_sqlstate, sqlstate::read_failed);
  EXPECT_EQ(http.requests.size(), 3u);
}

TEST_F(ClientTest, RetriesThrottlingMoreSlowlyAndAsAsked) {
  script(refusal(400, "ThrottlingException"), refusal(429, "Busy", {{"x-amz-retry-after", "1700"}}), success());
  call("CreateThing", Repeat::if_not_sent);
  EXPECT_EQ(clock.sleeps, (std::vector<std::chrono::milliseconds>{500ms, 1'700ms}));
}

TEST_F(ClientTest, EveryAttemptIsSignedAnew) {
  script(refusal(400, "Throttling"), refusal(400, "Throttling"), success());
  random.next_fraction = 0.9999999;
  call("DescribeThings");
  EXPECT_EQ(header(0, "X-Amz-Date"), "20261122T000000Z");
  EXPECT_EQ(header(2, "X-Amz-Date"), "20261122T000002Z");
}

TEST_F(ClientTest, TheNumberOfAttemptsIsASetting) {
  for (int attempts : {1, 2, 10}) {
    settings.max_attempts = attempts;
    script(answer(500, ""));
    http.repeats_last = true;
    failure("DescribeThings");
    EXPECT_EQ(http.requests.size(), static_cast<std::size_t>(attempts));
    quota = InProcessQuota();
  }
  settings.max_attempts = 1'000;
  failure("DescribeThings");
  EXPECT_LE(http.requests.size(), 21u);
}

TEST_F(ClientTest, ARefusalIsFinalAndTellsAll) {
  script(refusal(400, "ThingAlreadyExists"));
  auto facts = failure("CreateThing");
  EXPECT_EQ(http.requests.size(), 1u);
  EXPECT_EQ(facts.code, "ThingAlreadyExists");
  EXPECT_EQ(facts.message, "No");
  EXPECT_EQ(facts.request_id, "request-1");
  EXPECT_EQ(facts.status, 400);
  EXPECT_EQ(facts.effect, Effect::none);
  EXPECT_EQ(last_message, "ThingAlreadyExists: No");
  EXPECT_EQ(last_detail, "Operation CreateThing of things in eu-west-2, request id request-1, HTTP status 400");
  EXPECT_EQ(last_sqlstate, sqlstate::change_failed);
}

struct OpenCase {
  const char* name;
  ScriptedHttp::Step step;
  std::string code;
};

// What leaves open whether AWS carried a request out.
std::vector<OpenCase> open_cases() {
  std::vector<OpenCase> cases{
      {"no answer", silence(Sent::maybe), ""},
      {"500", answer(500, ""), "Http500"},
      {"500 with a code", refusal(500, "InternalFailure"), "InternalFailure"},
      {"502", answer(502, "<html>Bad gateway</html>", {{"content-type", "text/html"}}), "Http502"},
      {"503", refusal(503, "ServiceUnavailable"), "ServiceUnavailable"},
      {"not JSON", answer(200, "garbage"), "UnreadableAnswer"}};
  std::string body = success().body;
  for (std::size_t length = 1; length < body.size(); ++length)
    cases.push_back({"truncated", answer(200, body.substr(0, length)), "UnreadableAnswer"});
  return cases;
}

TEST_F(ClientTest, AWriteThatMustNotBeRepeatedIsInDoubtAfterAnOpenEnd) {
  for (auto& [name, step, code] : open_cases()) {
    script(std::move(step));
    auto facts = failure("CreateThing", Repeat::if_not_sent);
    EXPECT_EQ(http.requests.size(), 1u) << name;
    EXPECT_EQ(facts.effect, Effect::unknown) << name;
    EXPECT_EQ(facts.code, code) << name;
    EXPECT_NE(last_detail.find("whether it took effect is not known"), std::string::npos) << name;
  }
}

TEST_F(ClientTest, AWriteThatMayBeRepeatedIsRepeatedAfterAnOpenEnd) {
  for (auto& [name, step, code] : open_cases()) {
    script(std::move(step), success());
    EXPECT_EQ(call("CreateThing").output["id"], Value("thing-1")) << name;
    EXPECT_EQ(http.requests.size(), 2u) << name;
    quota = InProcessQuota();
  }
}

TEST_F(ClientTest, ReadsAreAlwaysRepeated) {
  script(silence(Sent::maybe), answer(200, "garbage"), success());
  EXPECT_EQ(call("DescribeThings", Repeat::if_not_sent).output["id"], Value("thing-1"));
}

TEST_F(ClientTest, WhatWasNotSentIsRepeatedWhateverItIs) {
  script(silence(Sent::nothing), silence(Sent::nothing), success());
  EXPECT_EQ(call("CreateThing", Repeat::if_not_sent).output["id"], Value("thing-1"));
  script(silence(Sent::nothing), silence(Sent::nothing), silence(Sent::nothing));
  auto facts = failure("CreateThing", Repeat::if_not_sent);
  EXPECT_EQ(facts.effect, Effect::none);
  EXPECT_EQ(facts.code, "");
  EXPECT_EQ(facts.status, 0);
  EXPECT_EQ(last_message, "no answer from https://things.eu-west-2.amazonaws.com: the line is dead");
  EXPECT_EQ(last_sqlstate, sqlstate::network_failed);
  EXPECT_NE(last_hint.find("iasql status"), std::string::npos);
}

TEST_F(ClientTest, AnEarlierOpenEndKeepsAWriteInDoubt) {
  script(silence(Sent::maybe), refusal(400, "ThingAlreadyExists"));
  auto facts = failure("CreateThing");
  EXPECT_EQ(facts.code, "ThingAlreadyExists");
  EXPECT_EQ(facts.effect, Effect::unknown);
  script(silence(Sent::maybe), silence(Sent::nothing), silence(Sent::nothing));
  EXPECT_EQ(failure("CreateThing").effect, Effect::unknown);
  script(refusal(400, "Throttling"), answer(500, ""));
  EXPECT_EQ(failure("CreateThing", Repeat::if_not_sent).effect, Effect::unknown);
  script(silence(Sent::maybe), refusal(400, "Invalid"));
  EXPECT_EQ(failure("DescribeThings").effect, Effect::none);
}

TEST_F(ClientTest, AServerErrorThatLastsIsFinalButInDoubt) {
  script(answer(501, ""));
  EXPECT_EQ(failure("CreateThing").effect, Effect::unknown);
  EXPECT_EQ(http.requests.size(), 1u);
}

TEST_F(ClientTest, TheTokenIsTheSameInEveryAttemptAndNewInEveryCall) {
  auto token = [&](std::size_t request) { return read_json(http.requests.at(request).body)["clientToken"].text(); };
  script(silence(Sent::maybe), answer(500, ""), success());
  call("CreateTokened", Repeat::if_not_sent); // repeated because it has a token
  EXPECT_EQ(token(0), "00000000-0000-4000-8000-000000000000");
  EXPECT_EQ(token(1), token(0));
  EXPECT_EQ(token(2), token(0));
  script(success());
  call("CreateTokened");
  EXPECT_EQ(token(0), "00000000-0000-4000-8000-000000000001");
  script(success());
  call("CreateTokened", Repeat::if_not_sent, {{"clientToken", "mine"}});
  EXPECT_EQ(token(0), "mine");
}

TEST_F(ClientTest, AnHtmlPageIsAnErrorAtOnce) {
  struct Case {
    int status;
    const char* type;
    const char* body;
    Effect effect;
  };
  for (const auto& [status, type, body, effect] :
       {Case{500, "text/html; charset=utf-8", "<!doctype html>", Effect::unknown},
        {500, "", "<html lang='en'>", Effect::unknown},
        {500, "", "\n <!DOCTYPE HTML PUBLIC>", Effect::unknown},
        {404, "", "<HTML><body>", Effect::none},
        {301, "text/html", "<html>Moved</html>", Effect::none},
        {200, "text/html", "<html>Welcome</html>", Effect::unknown}}) {
    script(answer(status, body, {{"content-type", type}}));
    auto facts = failure("CreateThing");
    EXPECT_EQ(http.requests.size(), 1u) << status << body;
    EXPECT_EQ(facts.code, "NotAnAwsAnswer");
    EXPECT_EQ(facts.status, status);
    EXPECT_EQ(facts.effect, effect) << status << body;
  }
  script(answer(500, "<html>", {}));
  EXPECT_EQ(failure("DescribeThings").effect, Effect::none);
  EXPECT_EQ(http.requests.size(), 1u);
}

TEST_F(ClientTest, AnAnswerIsWhatItLooksLikeWhateverItIsCalled) {
  script(answer(200, success().body, {{"content-type", "text/html; charset=utf-8"}}));
  EXPECT_EQ(call("CreateThing").output["id"], Value("thing-1"));
  script(answer(200, "", {{"content-type", "text/html"}}));
  EXPECT_EQ(call("AssumeNothing", Repeat::freely, {}).output, Value(Object()));
}

TEST_F(ClientTest, WhatIsReturnedAsBytesMayBeAPage) {
  model = read_service("pages", R"({
    "metadata": {"protocol": "rest-json", "endpointPrefix": "pages", "signingName": "pages", "apiVersion": "2026-11-22"},
    "operations": {
      "Invoke": {"name": "Invoke", "http": {"method": "POST", "requestUri": "/x"}, "output": {"shape": "Bytes"}},
      "GetText": {"name": "GetText", "http": {"method": "GET", "requestUri": "/x"}, "output": {"shape": "Text"}},
      "GetParsed": {"name": "GetParsed", "http": {"method": "GET", "requestUri": "/x"}, "output": {"shape": "Parsed"}}},
    "shapes": {
      "Bytes": {"type": "structure", "members": {"Body": {"shape": "Blob"}}, "payload": "Body"},
      "Text": {"type": "structure", "members": {"Body": {"shape": "String"}}, "payload": "Body"},
      "Parsed": {"type": "structure", "members": {"Body": {"shape": "Inner"}}, "payload": "Body"},
      "Inner": {"type": "structure", "members": {"Text": {"shape": "String"}}},
      "Blob": {"type": "blob"}, "String": {"type": "string"}}})");
  const std::string page = "<!DOCTYPE html><html>an object</html>";
  script(answer(200, page, {{"content-type", "text/html"}}));
  EXPECT_EQ(call("Invoke", Repeat::if_not_sent, {}).output["Body"], Value(base64_text(page)));
  script(answer(200, page));
  EXPECT_EQ(call("GetText", Repeat::freely, {}).output["Body"], Value(page));
  script(answer(200, page));
  EXPECT_EQ(failure("GetParsed", Repeat::freely, {}).code, "NotAnAwsAnswer");
  script(answer(404, page));
  EXPECT_EQ(failure("Invoke", Repeat::if_not_sent, {}).code, "NotAnAwsAnswer");
}

TEST_F(ClientTest, AGatewaysHtmlPageIsATransientFailure) {
  script(answer(503, "<html>Service Unavailable</html>", {{"content-type", "text/html"}}), success());
  EXPECT_EQ(call("DescribeThings").output["id"], Value("thing-1"));
}

TEST_F(ClientTest, AThrottleStormEndsAndIsBoundedByTheQuota) {
  http.repeats_last = true;
  random.next_fraction = 0; // a quota that is not used for five minutes is full again
  script(refusal(400, "RequestLimitExceeded"));
  int calls = 200;
  for (int i = 0; i < calls; ++i)
    EXPECT_EQ(failure("CreateThing", Repeat::if_not_sent).effect, Effect::none);
  // 500 buys a hundred retries at 5 each.
  EXPECT_EQ(http.requests.size(), static_cast<std::size_t>(calls + 100));
  EXPECT_EQ(quota_left(), 0);
}

TEST_F(ClientTest, LimitExceededEndsLikeAnyThrottling) {
  http.repeats_last = true;
  script(refusal(400, "LimitExceededException"));
  EXPECT_EQ(failure("CreateThing", Repeat::if_not_sent).code, "LimitExceededException");
  EXPECT_EQ(http.requests.size(), 3u);
}

TEST_F(ClientTest, SuccessPaysBack) {
  script(answer(500, ""), success());
  call("DescribeThings");
  EXPECT_EQ(quota_left(), 500);
  script(answer(500, ""), refusal(400, "Throttling"), success());
  call("DescribeThings");
  EXPECT_EQ(quota_left(), 486); // only the last retry's cost comes back
  script(success());
  call("DescribeThings");
  EXPECT_EQ(quota_left(), 487);
}

TEST_F(ClientTest, AWrongClockIsCorrectedOnceFromTheServersDate) {
  net::Headers date{{"date", "Sun, 22 Nov 2026 00:20:00 GMT"}};
  script(refusal(403, "RequestTimeTooSkewed", date), success());
  call("CreateThing", Repeat::if_not_sent);
  EXPECT_EQ(header(0, "X-Amz-Date"), "20261122T000000Z");
  EXPECT_EQ(header(1, "X-Amz-Date").substr(0, 13), "20261122T0020");

  script(refusal(403, "SignatureDoesNotMatch", date), refusal(403, "SignatureDoesNotMatch", date));
  EXPECT_EQ(failure("CreateThing").effect, Effect::none);
  EXPECT_EQ(http.requests.size(), 2u);
}

TEST_F(ClientTest, AWrongSignatureAtTheRightTimeIsFinal) {
  script(refusal(403, "SignatureDoesNotMatch", {{"date", "Sun, 22 Nov 2026 00:03:00 GMT"}}));
  failure("CreateThing");
  EXPECT_EQ(http.requests.size(), 1u);
  EXPECT_NE(last_hint.find("access key"), std::string::npos);
  script(refusal(403, "SignatureDoesNotMatch", {{"date", "nonsense"}}));
  failure("CreateThing");
  EXPECT_EQ(http.requests.size(), 1u);
}

TEST_F(ClientTest, ACorrectedClockStaysCorrected) {
  Client client(http, clock, random, *credentials, quota, settings);
  script(refusal(403, "RequestTimeTooSkewed", {{"date", "Sat, 21 Nov 2026 23:40:00 GMT"}}), success(), success());
  Call describe{"things", "DescribeThings", "eu-west-2", Object{{"name", "x"}}, Repeat::freely};
  loop.run(client.call(describe));
  loop.run(client.call(describe));
  EXPECT_EQ(header(2, "X-Amz-Date").substr(0, 11), "20261121T23");
}

struct SlowCredentials : CredentialsProvider {
  explicit SlowCredentials(net::Clock& clock) : clock(clock) {}
  net::task<Credentials> credentials() override {
    auto pause = clock.sleep(11s);
    co_await std::move(pause);
    co_return Credentials("AKIATEST", "the secret key itself");
  }
  net::Clock& clock;
};

TEST_F(ClientTest, AWriteWhoseCredentialsComeTooLateIsNotSent) {
  credentials = std::make_unique<SlowCredentials>(clock);
  Client client(http, clock, random, *credentials, quota, settings);
  script(success());
  Call create{"things", "CreateThing", "eu-west-2", Object{{"name", "x"}}, Repeat::freely, 10s};
  try {
    loop.run(client.call(create));
    ADD_FAILURE() << "it was sent";
  } catch (const CallError& error) {
    EXPECT_EQ(error.facts().effect, Effect::none);
  }
  EXPECT_EQ(http.requests.size(), 0u);
  create.begin_within = 12s;
  EXPECT_EQ(loop.run(client.call(create)).output["id"], Value("thing-1"));
}

TEST_F(ClientTest, ALineThatCannotBeLoggedEndsNoCall) {
  settings.log = [](const std::string&) { throw Error("40001", "the transaction has failed"); };
  script(success());
  EXPECT_EQ(call("CreateThing", Repeat::if_not_sent).output["id"], Value("thing-1"));
}

// Answers after a while, so that calls overlap: with success at the server's hour and a refusal at any other.
struct SlowHttp : net::Http {
  explicit SlowHttp(net::Loop& loop) : loop(loop) {}
  net::task<net::HttpResponse> send(net::HttpRequest request, net::HttpLimits) override {
    auto pause = loop.sleep(1ms);
    co_await std::move(pause);
    ++requests;
    for (const auto& [name, value] : request.headers)
      if (name == "X-Amz-Date" && value.starts_with("20261122T02")) co_return success();
    co_return refusal(403, "RequestTimeTooSkewed", {{"date", "Sun, 22 Nov 2026 02:00:00 GMT"}});
  }
  net::Loop& loop;
  int requests = 0;
};

TEST_F(ClientTest, AWrongClockFailsNoneOfTheCallsThatAreUnderWay) {
  SlowHttp slow(loop);
  Client client(slow, clock, random, *credentials, quota, settings);
  int succeeded = 0;
  auto one = [&]() -> net::task<void> {
    Call create{"things", "CreateThing", "eu-west-2", Object{{"name", "x"}}, Repeat::if_not_sent};
    auto calling = client.call(std::move(create));
    co_await std::move(calling);
    ++succeeded;
  };
  auto all = [&]() -> net::task<void> {
    net::TaskGroup group;
    for (int i = 0; i < 8; ++i)
      group.spawn(one());
    auto every = group.all();
    co_await std::move(every);
  };
  loop.run(all());
  EXPECT_EQ(succeeded, 8);
  EXPECT_EQ(slow.requests, 16);
}

TEST_F(ClientTest, HintsWhereWeKnowOne) {
  struct Case {
    const char* code;
    const char* hint;
  };
  for (const auto& [code, hint] : {Case{"UnrecognizedClientException", "access key"},
                                   {"InvalidClientTokenId", "access key"},
                                   {"AuthFailure", "access key"},
                                   {"AccessDenied", "things:CreateThing"},
                                   {"UnauthorizedOperation", "things:CreateThing"},
                                   {"ExpiredToken", "expired"},
                                   {"ExpiredTokenException", "expired"}}) {
    script(refusal(403, code));
    failure("CreateThing");
    EXPECT_NE(last_hint.find(hint), std::string::npos) << code << ": " << last_hint;
  }
  script(refusal(400, "SomethingElse"));
  failure("CreateThing");
  EXPECT_EQ(last_hint, "");
}

TEST_F(ClientTest, ABucketElsewhereIsHintedAt) {
  auto hint = [&](int status, const char* region) {
    script(answer(status, "", {{"x-amz-bucket-region", region}}));
    failure("DescribeThings");
    return last_hint;
  };
  for (int status : {301, 307, 400})
    EXPECT_EQ(hint(status, "eu-north-1"), "The bucket is in region eu-north-1: name that region") << status;
  EXPECT_EQ(hint(301, "eu-west-2"), ""); // where it was looked for
  EXPECT_EQ(hint(301, "elsewhere, or so"), "");
  EXPECT_EQ(hint(404, "eu-north-1"), "");
}

TEST_F(ClientTest, LogsALineForEachAttemptAndNoSecret) {
  script(silence(Sent::nothing), refusal(400, "Throttling"), success());
  call("CreateThing", Repeat::freely, {{"name", "x"}, {"password", "hunter2"}});
  EXPECT_EQ(log, (std::vector<std::string>{"things CreateThing eu-west-2, attempt 1: status 0 in 0 ms",
                                           "things CreateThing eu-west-2, attempt 2: status 400 in 0 ms",
                                           "things CreateThing eu-west-2, attempt 3: status 200 in 0 ms"}));
}

TEST_F(ClientTest, SecretsThatAwsRepeatsAreNotShown) {
  script(
      answer(400, R"({"__type": "Invalid", "message": "hunter2 and key-one are bad,\n'the session token itself'"})"));
  auto facts =
      failure("CreateThing", Repeat::freely, {{"name", "x"}, {"password", "hunter2"}, {"keys", Array{"key-one"}}});
  EXPECT_EQ(facts.message, "*** and *** are bad, '***'");
  EXPECT_EQ(last_message, "Invalid: *** and *** are bad, '***'");
}

TEST_F(ClientTest, AnErrorIsOneShortLineWhateverAwsCallsIt) {
  script(refusal(400, "Odd\\nCode"));
  EXPECT_EQ(failure("CreateThing").code, "Odd Code");
  script(net::HttpResponse{400, {{"x-amzn-requestid", std::string(5'000, 'r')}}, ""});
  EXPECT_LT(failure("CreateThing").request_id.size(), 2'100u);
  script(refusal(400, std::string(5'000, 'c')));
  EXPECT_LT(failure("CreateThing").code.size(), 2'100u);
  script(refusal(400, "ThingNotFound"));
  EXPECT_EQ(failure("CreateThing", Repeat::freely, {{"name", "x"}, {"password", "NotFound"}}).code, "ThingNotFound");
}

TEST_F(ClientTest, AnAnswerThatIsEmptyOrStrangeIsAnErrorWithItsStatus) {
  for (const char* body : {"", "{}", "[]", "null", "\"text\"", "<a/>", "<Error/>", "{\"__type\": 5}", "\xff\xfe"}) {
    script(answer(400, body));
    auto facts = failure("CreateThing");
    EXPECT_EQ(facts.code, "Http400") << body;
    EXPECT_EQ(facts.effect, Effect::none);
  }
}

TEST(Redact, HidesSecretsAndLineBreaksAndCutsBetweenCharacters) {
  EXPECT_EQ(redact("a secret, secret!", {"secret", ""}), "a ***, ***!");
  EXPECT_EQ(redact("abc abc", {"abc"}), "abc abc"); // too short to be told apart
  EXPECT_EQ(redact("one\r\ntwo\tthree", {}), "one  two three");
  EXPECT_EQ(redact("****", {"****"}), "***");
  std::string text;
  for (int i = 0; i < 1'000; ++i)
    text += "é…";
  auto cut = redact(text, {});
  EXPECT_LE(cut.size(), 2'003u);
  EXPECT_EQ(cut, text.substr(0, cut.size() - 3) + "…");
}

TEST(Call, ReadsAreKnownByTheirNames) {
  for (const char* read : {"DescribeVpcs", "GetCallerIdentity", "ListRoles", "BatchGetImage", "HeadBucket"})
    EXPECT_TRUE(is_read_only(read)) << read;
  for (const char* write : {"CreateVpc", "DeleteVpc", "PutImage", "BatchDeleteImage", "ForgetDescribe", "describe", ""})
    EXPECT_FALSE(is_read_only(write)) << write;
}

} // namespace
} // namespace iasql::aws
