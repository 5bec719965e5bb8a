#include "aws/retry_quota.hpp"

#include <algorithm>
#include <charconv>
#include <type_traits>

namespace iasql::aws {

namespace {

constexpr int cost(FailureKind kind) {
  return kind == FailureKind::throttling ? 5 : 14;
}

std::int64_t seconds(net::Time time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

} // namespace

static_assert(std::is_trivially_copyable_v<QuotaTable> && std::is_trivially_default_constructible_v<QuotaTable>);

bool RetryQuota::take(std::string_view region, FailureKind kind, net::Time now) {
  return draw(region, cost(kind), now);
}

void RetryQuota::refund(std::string_view region, FailureKind kind, net::Time now) {
  fill(region, cost(kind), now);
}

void RetryQuota::reward(std::string_view region, net::Time now) {
  fill(region, 1, now);
}

bool QuotaTable::is_forgotten(const Place& place, std::int64_t now) noexcept {
  return now - place.last_used > forgotten_after;
}

QuotaTable::Place& QuotaTable::place_of(QuotaBucket bucket, net::Time time) noexcept {
  const std::int64_t now = seconds(time);
  auto place = std::find_if(m_places.begin(), m_places.end(), [&](const Place& p) { return p.bucket == bucket; });
  bool is_known = place != m_places.end();
  if (!is_known)
    place = std::min_element(m_places.begin(), m_places.end(),
                             [](const Place& one, const Place& other) { return one.last_used < other.last_used; });
  if (!is_known || is_forgotten(*place, now)) *place = {bucket, now, 0};
  place->last_used = now;
  return *place;
}

bool QuotaTable::draw(QuotaBucket bucket, int amount, net::Time now) noexcept {
  Place& place = place_of(bucket, now);
  if (place.taken + amount > RetryQuota::capacity) return false;
  place.taken += amount;
  return true;
}

void QuotaTable::fill(QuotaBucket bucket, int amount, net::Time now) noexcept {
  Place& place = place_of(bucket, now);
  place.taken = std::max(place.taken - amount, 0);
}

int QuotaTable::left(QuotaBucket bucket, net::Time now) const noexcept {
  for (const Place& place : m_places)
    if (place.bucket == bucket && !is_forgotten(place, seconds(now))) return RetryQuota::capacity - place.taken;
  return RetryQuota::capacity;
}

QuotaBucket quota_bucket(std::string_view account, std::string_view region) {
  QuotaBucket bucket{};
  std::from_chars(account.data(), account.data() + account.size(), bucket.account);
  bucket.region = 14695981039346656037u; // FNV-1a
  for (char c : region)
    bucket.region = (bucket.region ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return bucket;
}

int InProcessQuota::left(std::string_view region, net::Time now) const {
  return m_table.left(quota_bucket({}, region), now);
}

bool InProcessQuota::draw(std::string_view region, int amount, net::Time now) {
  return m_table.draw(quota_bucket({}, region), amount, now);
}

void InProcessQuota::fill(std::string_view region, int amount, net::Time now) {
  m_table.fill(quota_bucket({}, region), amount, now);
}

} // namespace iasql::aws
