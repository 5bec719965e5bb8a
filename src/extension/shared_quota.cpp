#include "extension/shared_quota.hpp"

namespace iasql::extension {

namespace {

const pg::SharedMemory& shared_table() {
  static const pg::SharedMemory table("iasql_retry_quota", sizeof(aws::QuotaTable));
  return table;
}

aws::QuotaTable& table_in(void* memory) noexcept {
  return *static_cast<aws::QuotaTable*>(memory);
}

} // namespace

SharedQuota::SharedQuota(std::string account) : m_account(std::move(account)), m_table(shared_table()) {}

bool SharedQuota::draw(std::string_view region, int amount, net::Time now) {
  const std::uint64_t bucket = aws::quota_bucket(m_account, region);
  bool is_drawn = false;
  m_table.locked([&](void* memory) noexcept { is_drawn = table_in(memory).draw(bucket, amount, now); });
  return is_drawn;
}

void SharedQuota::fill(std::string_view region, int amount, net::Time now) {
  const std::uint64_t bucket = aws::quota_bucket(m_account, region);
  m_table.locked([&](void* memory) noexcept { table_in(memory).fill(bucket, amount, now); });
}

} // namespace iasql::extension
