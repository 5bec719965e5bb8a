#include "extension/shared_quota.hpp"

namespace iasql::extension {

namespace {

constexpr const char* memory_name = "iasql_retry_quota";

const pg::SharedMemory& shared_table() {
  static const pg::SharedMemory table(memory_name, sizeof(aws::QuotaTable));
  return table;
}

aws::QuotaTable& table_in(void* memory) noexcept {
  return *static_cast<aws::QuotaTable*>(memory);
}

} // namespace

void reserve_shared_quota() {
  pg::reserve_shared_memory(memory_name, sizeof(aws::QuotaTable));
}

SharedQuota::SharedQuota(std::string account) : m_account(std::move(account)), m_table(shared_table()) {}

bool SharedQuota::draw(std::string_view region, int amount, net::Time now) {
  const aws::QuotaBucket bucket = aws::quota_bucket(m_account, region);
  bool is_drawn = false;
  m_table.locked([&](void* memory) noexcept { is_drawn = table_in(memory).draw(bucket, amount, now); });
  return is_drawn;
}

void SharedQuota::fill(std::string_view region, int amount, net::Time now) {
  const aws::QuotaBucket bucket = aws::quota_bucket(m_account, region);
  m_table.locked([&](void* memory) noexcept { table_in(memory).fill(bucket, amount, now); });
}

} // namespace iasql::extension
