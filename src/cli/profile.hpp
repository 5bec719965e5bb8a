#pragma once

#include "aws/credentials.hpp"
#include "discovery/chain.hpp"

#include <string>

namespace iasql::cli {

// A profile of the operator's own AWS files. Programs that it names (credential_process) are started: it is the
// operator's command line that asks for it.
class Profile {
public:
  // Throws Failure for files that cannot be read.
  explicit Profile(std::string name);
  // Its region, else that of the environment, else "".
  const std::string& region() const { return m_region; }
  // Its credentials, fetched where they have to be; STS is asked at `endpoint_url` or, where it is empty, at AWS.
  // Throws Failure with what was tried.
  aws::Credentials credentials(const std::string& endpoint_url) const;

private:
  std::string m_name;
  discovery::Environment m_environment;
  discovery::ConfigFiles m_files;
  std::string m_region;
};

} // namespace iasql::cli
