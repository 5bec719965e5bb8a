#include "cli/profile.hpp"

#include "base/error.hpp"
#include "discovery/configured_endpoint.hpp"
#include "hosting/failure.hpp"
#include "net/http.hpp"
#include "net/loop.hpp"
#include "net/system_environment.hpp"

#include <utility>

namespace iasql::cli {

namespace {

discovery::ConfigFiles read_files(const discovery::Environment& environment) {
  try {
    return discovery::read_config_files(environment);
  } catch (const Error& error) {
    throw hosting::Failure(error.what(), error.hint());
  }
}

} // namespace

Profile::Profile(std::string name)
    : m_name(std::move(name)), m_environment(discovery::Environment::of_this_process()),
      m_files(read_files(m_environment)), m_region(discovery::region_of(m_environment, m_files, m_name)) {}

std::string Profile::endpoint_url() const {
  try {
    return discovery::endpoint_url(m_environment, m_files.both, {.profile = m_name, .service_id = {}, .given = {}});
  } catch (const Error& error) {
    throw hosting::Failure(error.what(), error.hint());
  }
}

std::string endpoint_url_of_environment() {
  return discovery::endpoint_url(discovery::Environment::of_this_process(), {},
                                 {.profile = "default", .service_id = {}, .given = {}});
}

aws::Credentials Profile::credentials(const std::string& endpoint_url) const {
  using namespace std::chrono_literals;
  net::Loop loop(net::polling_waiter());
  const auto http = net::make_curl_http(loop);
  net::LoopClock clock(loop);
  net::SystemRandom random;
  aws::InProcessQuota quota;
  aws::ClientSettings settings;
  settings.endpoint.url = endpoint_url;
  settings.limits.total_timeout = 20s;
  try {
    auto looking = discovery::discover(m_environment, m_files, {*http, clock, random, quota, settings},
                                       {.profile = m_name, .processes = discovery::Processes::allowed});
    const auto found = loop.run(std::move(looking));
    return loop.run(found.provider->credentials());
  } catch (const Error& error) {
    throw hosting::Failure(error.what(), error.hint().empty() ? error.detail() : error.hint());
  }
}

} // namespace iasql::cli
