#pragma once

#include "aws/assumed_role.hpp"
#include "base/error.hpp"

namespace iasql::discovery {

// A client for operations that are not signed: they are what credentials are got with.
class UnsignedClient {
public:
  explicit UnsignedClient(aws::ClientParts parts)
      : m_client(parts.http, parts.clock, parts.random, m_none, parts.quota, std::move(parts.settings)) {}
  net::task<aws::Answer> call(aws::Call call) { return m_client.call(std::move(call)); }

private:
  struct None final : aws::CredentialsProvider {
    net::task<aws::Credentials> credentials() override {
      throw Error(sqlstate::internal_error, "an operation without a signature asked for credentials");
    }
  };
  None m_none;
  aws::Client m_client;
};

} // namespace iasql::discovery
