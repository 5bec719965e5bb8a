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
  // Where all of AWS is to be found by AWS_ENDPOINT_URL or the profile's endpoint_url; "" for AWS itself. Throws
  // Failure for a profile that cannot be understood.
  std::string endpoint_url() const;
  // Its credentials, fetched where they have to be; STS is asked at `endpoint_url` or, where it is empty, at AWS.
  // Throws Failure with what was tried.
  aws::Credentials credentials(const std::string& endpoint_url) const;

private:
  std::string m_name;
  discovery::Environment m_environment;
  discovery::ConfigFiles m_files;
  std::string m_region;
};

// The same for who names no profile: the variables alone count.
std::string endpoint_url_of_environment();

} // namespace iasql::cli
