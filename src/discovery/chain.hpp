#pragma once

// The chain of the SDKs: the places where credentials may be, in their order, the first that has some. It is for the
// operator's own command line. Hosted databases use their connected account's credentials alone, so the extension does
// not link this library.

#include "discovery/sources.hpp"

#include <memory>
#include <string>

namespace iasql::discovery {

struct Question {
  std::string profile; // "": AWS_PROFILE or "default", and the environment's own keys count before it
  Processes processes = Processes::refused;
};

struct Discovered {
  std::string source; // "environment", "role", "credentials file", …
  std::unique_ptr<aws::CredentialsProvider> provider;
};

// The profile that is meant: the question's, else AWS_PROFILE or AWS_DEFAULT_PROFILE, else "default".
std::string profile_name(const Environment& environment, const Question& question);

// The profile's region, else AWS_REGION or AWS_DEFAULT_REGION, else "".
std::string region_of(const Environment& environment, const ConfigFiles& files, const std::string& profile);

// The first source that has credentials. Only the instance's metadata service is asked to know whether it has; the
// others fetch theirs when the provider is first used. Throws Error (not_connected) where no source has any: its DETAIL
// has a line for each of them with the reason. So it does for a profile that is named and not there, and for what the
// sources throw. What `parts` refers to must outlive the provider.
net::task<Discovered> discover(Environment environment, ConfigFiles files, aws::ClientParts parts, Question question);

} // namespace iasql::discovery
