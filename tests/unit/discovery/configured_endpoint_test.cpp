#include "base/error.hpp"
#include "discovery/configured_endpoint.hpp"

#include <gtest/gtest.h>

namespace iasql::discovery {
namespace {

const aws::Config& config() {
  static const aws::Config parsed = aws::parse_config("[default]\n"
                                                      "endpoint_url = http://profile\n"
                                                      "services = local\n"
                                                      "[profile lost]\n"
                                                      "services = nowhere\n"
                                                      "[profile quiet]\n"
                                                      "endpoint_url = http://quiet\n"
                                                      "ignore_configured_endpoint_urls = TRUE\n"
                                                      "[services local]\n"
                                                      "elastic_load_balancing_v2 =\n"
                                                      "  endpoint_url = http://balancers\n",
                                                      aws::ConfigFile::configuration, "config");
  return parsed;
}

std::string url(Environment::Variables variables, const std::string& profile, const std::string& service_id) {
  EndpointQuestion question;
  question.profile = profile;
  question.service_id = service_id;
  return endpoint_url(Environment(std::move(variables)), config(), question);
}

TEST(ConfiguredEndpoint, NamesAServiceByItsIdWithUnderscores) {
  EXPECT_EQ(url({}, "default", "Elastic Load Balancing v2"), "http://balancers");
  EXPECT_EQ(url({}, "default", "EC2"), "http://profile");
  EXPECT_EQ(
      url({{"AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2", "http://variable"}}, "default", "Elastic Load Balancing v2"),
      "http://variable");
}

TEST(ConfiguredEndpoint, OfAllServicesIsWhatNoServiceNames) {
  EXPECT_EQ(url({{"AWS_ENDPOINT_URL_STS", "http://sts"}}, "default", ""), "http://profile");
  EXPECT_EQ(url({{"AWS_ENDPOINT_URL_STS", "http://sts"}, {"AWS_ENDPOINT_URL", "http://all"}}, "default", ""),
            "http://all");
  EXPECT_EQ(url({{"AWS_ENDPOINT_URL_STS", "http://sts"}}, "none", ""), "");
}

TEST(ConfiguredEndpoint, EmptyVariablesSayNothing) {
  EXPECT_EQ(url({{"AWS_ENDPOINT_URL_EC2", ""}, {"AWS_ENDPOINT_URL", ""}}, "default", "EC2"), "http://profile");
}

TEST(ConfiguredEndpoint, TheEnvironmentSaysBeforeTheProfileWhetherTheyAreIgnored) {
  EXPECT_EQ(url({{"AWS_ENDPOINT_URL", "http://all"}}, "quiet", "EC2"), "");
  EXPECT_EQ(url({{"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "false"}}, "quiet", "EC2"), "http://quiet");
  EXPECT_EQ(url({{"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"}}, "default", "EC2"), "");
}

TEST(ConfiguredEndpoint, AMissingServicesSectionIsAnError) {
  EXPECT_THROW(url({}, "lost", "EC2"), Error);
  EXPECT_EQ(url({{"AWS_ENDPOINT_URL", "http://all"}}, "lost", "EC2"), "http://all");
}

} // namespace
} // namespace iasql::discovery
