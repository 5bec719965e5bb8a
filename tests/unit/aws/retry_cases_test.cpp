// botocore's 96 unit cases of retries (tests/unit/retries of its source distribution), each with the test of ours that
// makes the same claim, or the reason why there is nothing to claim. Their data tables (statuses, codes, delays, costs)
// are in those tests, not here.

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace iasql::aws {
namespace {

struct Case {
  const char* theirs; // file without test_ and .py, class if any, function
  const char* ours;   // "Suite.Test", or "- " and the reason why it does not apply
};

constexpr Case cases[] = {
    {"adaptive/CanCreateRetryHandler/can_register_retry_handler", "- adaptive mode"},
    {"adaptive/ClientRateLimiter/bucket_bucket_acquisition_only_if_enabled", "- adaptive mode"},
    {"adaptive/ClientRateLimiter/token_bucket_enabled_on_throttling_error", "- adaptive mode"},
    {"adaptive/ClientRateLimiter/max_rate_updated_on_success_response", "- adaptive mode"},
    {"adaptive/ClientRateLimiter/max_rate_cant_exceed_20_percent_max", "- adaptive mode"},
    {"adaptive/RateClocker/initial_rate_is_0", "- adaptive mode"},
    {"adaptive/RateClocker/time_updates_if_after_bucket_range", "- adaptive mode"},
    {"adaptive/RateClocker/can_measure_constant_rate", "- adaptive mode"},
    {"adaptive/RateClocker/uses_smoothing_to_favor_recent_weights", "- adaptive mode"},
    {"adaptive/RateClocker/noop_when_delta_t_is_0", "- adaptive mode"},
    {"adaptive/RateClocker/times_are_grouped_per_time_bucket", "- adaptive mode"},
    {"bucket/TokenBucket/can_acquire_amount", "- adaptive mode"},
    {"bucket/TokenBucket/can_change_max_capacity_lower", "- adaptive mode"},
    {"bucket/TokenBucket/max_capacity_is_at_least_one", "- adaptive mode"},
    {"bucket/TokenBucket/acquire_fails_on_non_block_mode_returns_false", "- adaptive mode"},
    {"bucket/TokenBucket/can_retrieve_at_max_send_rate", "- adaptive mode"},
    {"bucket/TokenBucket/acquiring_blocks_when_capacity_reached", "- adaptive mode"},
    {"bucket/TokenBucket/rate_cant_go_below_min", "- adaptive mode"},
    {"quota/RetryQuota/can_acquire_amount", "RetryQuotaTest.ThirtyFiveTransientRetriesThenNone"},
    {"quota/RetryQuota/can_release_amount", "RetryQuotaTest.SuccessFillsItUpToItsCapacity"},
    {"quota/RetryQuota/cant_exceed_max_capacity", "RetryQuotaTest.SuccessFillsItUpToItsCapacity"},
    {"quota/RetryQuota/noop_if_at_max_capacity", "RetryQuotaTest.SuccessFillsItUpToItsCapacity"},
    {"quota/RetryQuota/cant_go_below_zero", "RetryQuotaTest.ThirtyFiveTransientRetriesThenNone"},
    {"special/RetryIDPCommunicationError/only_retries_error_for_sts", "Retry.TheIdentityProvidersSilenceIsOfStsAlone"},
    {"special/RetryIDPCommunicationError/can_retry_idp_communication_error",
     "Retry.TheIdentityProvidersSilenceIsOfStsAlone"},
    {"special/RetryIDPCommunicationError/not_idp_communication_error", "Retry.TheIdentityProvidersSilenceIsOfStsAlone"},
    {"special/RetryDDBChecksumError/checksum_not_in_header",
     "ClientTest.DynamoDbsAnswersAreCheckedAgainstTheirChecksum"},
    {"special/RetryDDBChecksumError/checksum_matches", "ClientTest.DynamoDbsAnswersAreCheckedAgainstTheirChecksum"},
    {"special/RetryDDBChecksumError/checksum_not_matches", "ClientTest.DynamoDbsAnswersAreCheckedAgainstTheirChecksum"},
    {"special/RetryDDBChecksumError/checksum_check_only_for_dynamodb",
     "ClientTest.DynamoDbsAnswersAreCheckedAgainstTheirChecksum"},
    {"standard/can_detect_retryable_transient_errors", "Retry.KnowsWhatMayGoAway"},
    {"standard/can_detect_retryable_throttled_errors", "Retry.KnowsThrottlingByItsCode"},
    {"standard/can_detect_throttling_status_codes", "Retry.KnowsThrottlingByStatus429"},
    {"standard/throttling_status_code_checker_skips_modeled_errors", "Retry.TheModelsTraitGoesBeforeTheStatus"},
    {"standard/throttling_status_code_checker_ignores_missing_response",
     "ClientTest.WhatWasNotSentIsRepeatedWhateverItIs"},
    {"standard/deprecated_new_retries_enabled_is_importable_and_true", "- a name that Python code imports"},
    {"standard/can_detect_modeled_retryable_errors", "Retry.TheModelsTraitGoesBeforeTheStatus"},
    {"standard/standard_retry_conditions", "ClientTest.RepeatsExactlyWhatIsHarmless"},
    {"standard/standard_retry_conditions_with_model_on_429", "Retry.TheModelsTraitGoesBeforeTheStatus"},
    {"standard/can_honor_max_attempts", "Retry.StopsAfterTheLastAttempt"},
    {"standard/max_attempts_adds_metadata_key_when_reached", "- Python's answers carry metadata; ours are errors"},
    {"standard/retries_context_not_on_request_context", "- a detail of botocore's events"},
    {"standard/can_create_default_retry_handler", "- a detail of botocore's events"},
    {"standard/RetryHandler/does_need_retry", "ClientTest.RetriesTransientFailuresTwice"},
    {"standard/RetryHandler/does_not_need_retry", "ClientTest.ARefusalIsFinalAndTellsAll"},
    {"standard/RetryHandler/needs_retry_but_not_enough_quota", "ClientTest.AThrottleStormEndsAndIsBoundedByTheQuota"},
    {"standard/RetryHandler/retry_handler_adds_retry_metadata_to_response",
     "- Python's answers carry metadata; ours are errors"},
    {"standard/RetryEventAdapter/create_context_from_success_response",
     "ClientTest.SendsASignedRequestAndReadsTheAnswer"},
    {"standard/RetryEventAdapter/create_context_from_service_error", "ClientTest.ARefusalIsFinalAndTellsAll"},
    {"standard/RetryEventAdapter/create_context_from_exception", "ClientTest.WhatWasNotSentIsRepeatedWhateverItIs"},
    {"standard/RetryEventAdapter/can_inject_metadata_back_to_context",
     "- Python's answers carry metadata; ours are errors"},
    {"standard/RetryPolicy/delegates_to_retry_checker", "- a detail of botocore's classes"},
    {"standard/RetryPolicy/delegates_to_retry_backoff", "- a detail of botocore's classes"},
    {"standard/ExponentialBackoff/range_of_exponential_backoff", "Retry.DelaysGrowUpToTwentySeconds"},
    {"standard/ExponentialBackoff/exponential_backoff_with_jitter", "Retry.DelaysAreAsEvenlySpreadAsChance"},
    {"standard/ExponentialBackoff/bare_429_uses_throttling_base_scale",
     "ClientTest.RetriesThrottlingMoreSlowlyAndAsAsked"},
    {"standard/ExponentialBackoff/uniform_rand_dist_on_max_attempts", "Retry.DelaysAreAsEvenlySpreadAsChance"},
    {"standard/RetryQuotaChecker/can_acquire_quota_for_throttling_error",
     "RetryQuotaTest.SuccessFillsItUpToItsCapacity"},
    {"standard/RetryQuotaChecker/can_acquire_quota_for_bare_429", "Retry.KnowsThrottlingByStatus429"},
    {"standard/RetryQuotaChecker/can_acquire_quota_non_timeout_error", "RetryQuotaTest.SuccessFillsItUpToItsCapacity"},
    {"standard/RetryQuotaChecker/can_acquire_quota_for_timeout_error", "RetryQuotaTest.SuccessFillsItUpToItsCapacity"},
    {"standard/RetryQuotaChecker/can_release_quota_based_on_context_value_on_success", "ClientTest.SuccessPaysBack"},
    {"standard/RetryQuotaChecker/can_release_quota_when_succeed_after_throttling_error", "ClientTest.SuccessPaysBack"},
    {"standard/RetryQuotaChecker/dont_release_quota_if_all_retries_failed", "ClientTest.OnlySuccessPaysBack"},
    {"standard/RetryQuotaChecker/can_release_default_quota_if_not_in_context", "ClientTest.SuccessPaysBack"},
    {"standard/RetryQuotaChecker/acquire_quota_fails", "RetryQuotaTest.ThirtyFiveTransientRetriesThenNone"},
    {"standard/RetryQuotaChecker/quota_reached_adds_retry_metadata",
     "- Python's answers carry metadata; ours are errors"},
    {"standard/RetryQuotaChecker/single_failed_request_does_not_give_back_quota", "ClientTest.OnlySuccessPaysBack"},
    {"standard/RetryContext/can_get_error_code", "ClientTest.ARefusalIsFinalAndTellsAll"},
    {"standard/RetryContext/no_error_code_if_no_parsed_response",
     "ClientTest.AnAnswerThatIsEmptyOrStrangeIsAnErrorWithItsStatus"},
    {"standard/RetryContext/no_error_code_returns_none",
     "ClientTest.AnAnswerThatIsEmptyOrStrangeIsAnErrorWithItsStatus"},
    {"standard/RetryContext/can_add_retry_reason", "- Python's answers carry metadata; ours are errors"},
    {"standard/RetryContext/handles_non_error_top_level_error_key_get_error_code",
     "ClientTest.AMemberCalledErrorIsNoError"},
    {"standard/ThrottlingErrorDetector/can_check_error_from_code", "Retry.KnowsThrottlingByItsCode"},
    {"standard/ThrottlingErrorDetector/no_throttling_error", "Retry.KnowsThrottlingByItsCode"},
    {"standard/ThrottlingErrorDetector/detects_modeled_errors", "Retry.TheModelsTraitGoesBeforeTheStatus"},
    {"standard/ThrottlingErrorDetector/detects_429_without_error_code", "Retry.KnowsThrottlingByStatus429"},
    {"standard/ThrottlingErrorDetector/detects_429_with_unknown_error_code", "Retry.KnowsThrottlingByStatus429"},
    {"standard/ThrottlingErrorDetector/detects_429_with_unknown_error_code_and_model",
     "Retry.TheModelsTraitGoesBeforeTheStatus"},
    {"standard/ThrottlingErrorDetector/modeled_error_without_retryable_trait_is_not_throttling",
     "Retry.TheModelsTraitGoesBeforeTheStatus"},
    {"standard/ThrottlingErrorDetector/modeled_retryable_trait_wins_over_429",
     "Retry.TheModelsTraitGoesBeforeTheStatus"},
    {"standard/ThrottlingErrorDetector/modeled_throttling_trait_on_429", "Retry.TheModelsTraitGoesBeforeTheStatus"},
    {"standard/ModeledRetryErrorDetector/not_retryable", "Retry.TheModelsTraitGoesBeforeTheStatus"},
    {"standard/ModeledRetryErrorDetector/transient_error", "Retry.TheModelsTraitGoesBeforeTheStatus"},
    {"standard/ModeledRetryErrorDetector/throttling_error", "Retry.TheModelsTraitGoesBeforeTheStatus"},
    {"standard/OrRetryChecker/can_match_any_checker", "- a detail of botocore's classes"},
    {"standard/OrRetryChecker/false_if_no_checkers_match", "- a detail of botocore's classes"},
    {"standard/ServiceSpecificRetries/dynamodb_base_backoff_and_increased_retries",
     "Retry.DynamoDbHasFourAttemptsAndAShorterDelay"},
    {"standard/ServiceSpecificRetries/sqs_triggers_long_polling_backoff_when_token_empty",
     "- nothing here polls a queue in a loop of its own"},
    {"standard/ServiceSpecificRetries/long_polling_operations_backoff_when_token_empty",
     "- nothing here polls a queue in a loop of its own"},
    {"standard/ServiceSpecificRetries/non_long_polling_operation_does_not_sleep_when_quota_exhausted",
     "ClientTest.AThrottleStormEndsAndIsBoundedByTheQuota"},
    {"standard/RetryAfterHeaderInRetries/x_amz_retry_after_header_is_honored",
     "Retry.DoesAsTheServerAsksWithinFiveSeconds"},
    {"throttling/CubicCalculator/starting_params", "- adaptive mode"},
    {"throttling/CubicCalculator/success_responses_until_max_hit", "- adaptive mode"},
    {"throttling/CubicCalculator/error_response_decreases_rate_by_beta", "- adaptive mode"},
    {"throttling/CubicCalculator/t_0_should_match_beta_decrease", "- adaptive mode"},
};

bool exists(const std::string& name) {
  const auto& unit_test = *testing::UnitTest::GetInstance();
  for (int s = 0; s < unit_test.total_test_suite_count(); ++s) {
    const auto& suite = *unit_test.GetTestSuite(s);
    for (int t = 0; t < suite.total_test_count(); ++t)
      if (name == std::string(suite.name()) + "." + suite.GetTestInfo(t)->name()) return true;
  }
  return false;
}

TEST(RetryCases, EachOfBotocoresIsOursTooOrHasAReason) {
  std::set<std::string> names;
  int covered = 0;
  for (const auto& [theirs, ours] : cases) {
    EXPECT_TRUE(names.insert(theirs).second) << theirs << " is there twice";
    if (std::string(ours).starts_with("- ")) continue;
    ++covered;
    EXPECT_TRUE(exists(ours)) << theirs << " is said to be " << ours << ", which does not exist";
  }
  EXPECT_EQ(names.size(), 96u);
  EXPECT_EQ(covered, 60);
}

} // namespace
} // namespace iasql::aws
