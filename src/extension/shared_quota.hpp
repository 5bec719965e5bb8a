#pragma once

// The retry quota of an account as all sessions of the cluster share it: a throttled account is not asked ever faster
// because more sessions ask.

#include "aws/retry_quota.hpp"
#include "extension/pg/shared_memory.hpp"

#include <string>

namespace iasql::extension {

// Once, when the library is loaded.
void reserve_shared_quota();

class SharedQuota final : public aws::RetryQuota {
public:
  explicit SharedQuota(std::string account);

private:
  bool draw(std::string_view region, int amount, net::Time now) override;
  void fill(std::string_view region, int amount, net::Time now) override;

  std::string m_account;
  const pg::SharedMemory& m_table; // an aws::QuotaTable
};

} // namespace iasql::extension
