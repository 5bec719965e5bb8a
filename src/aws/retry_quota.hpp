#pragma once

// A bucket that retries draw from and successes fill, one for each account and region: when most calls fail, most
// retries are left out. RetryQuota is what the client asks. QuotaTable holds many accounts' buckets in plain memory, so
// that it can lie in memory that several processes share; InProcessQuota is one that nobody shares.

#include "aws/retry.hpp"
#include "net/environment.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace iasql::aws {

// The quota of one account, in all its regions.
class RetryQuota {
public:
  static constexpr int capacity = 500;

  virtual ~RetryQuota() = default;
  // Takes what a retry after such a failure costs. False, and nothing taken, where too little is left.
  bool take(std::string_view region, FailureKind kind, net::Time now);
  // The retry that was paid for succeeded: its cost comes back.
  void refund(std::string_view region, FailureKind kind, net::Time now);
  // A call succeeded at its first attempt.
  void reward(std::string_view region, net::Time now);

private:
  virtual bool draw(std::string_view region, int amount, net::Time now) = 0;
  virtual void fill(std::string_view region, int amount, net::Time now) = 0;
};

// Which bucket. The account is the number itself, so that no name of a region that one account's owner thinks up can be
// another account's bucket; the region is a hash.
struct QuotaBucket {
  std::uint64_t account, region;

  friend bool operator==(const QuotaBucket&, const QuotaBucket&) = default;
};

// The same for the same account and region in every process. An account that is no number is account 0.
QuotaBucket quota_bucket(std::string_view account, std::string_view region);

// Buckets of accounts and regions. It has no constructor that matters: memory of zeros is a table in which every
// bucket is full. The bucket that was used least recently makes room for a new one, and one that was not used for
// `forgotten_after` is full again, as it would be for a client that begins then. Throws nothing.
class QuotaTable {
public:
  static constexpr std::size_t places = 128;
  static constexpr std::int64_t forgotten_after = 300; // seconds

  // Whether that much was left and is taken.
  bool draw(QuotaBucket bucket, int amount, net::Time now) noexcept;
  void fill(QuotaBucket bucket, int amount, net::Time now) noexcept;
  int left(QuotaBucket bucket, net::Time now) const noexcept;

private:
  struct Place {
    QuotaBucket bucket;
    std::int64_t last_used; // seconds since 1970
    std::int32_t taken;
  };
  static bool is_forgotten(const Place& place, std::int64_t now) noexcept;
  Place& place_of(QuotaBucket bucket, net::Time now) noexcept;

  std::array<Place, places> m_places;
};

class InProcessQuota final : public RetryQuota {
public:
  int left(std::string_view region, net::Time now) const;

private:
  bool draw(std::string_view region, int amount, net::Time now) override;
  void fill(std::string_view region, int amount, net::Time now) override;

  QuotaTable m_table{};
};

} // namespace iasql::aws
