// The requests of public_repository, which differ from repository's.

#include "engine/requests.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace iasql::engine {
namespace {

using testing::binding_of;
using testing::created;
using ::testing::ElementsAre;
using testing::removed;
using testing::updated;

TEST(PublicRepositoryRequests, ItsNameIsAllThereIsBesidesTags) {
  EXPECT_EQ(created("public_repository", R"({"repository_name": "r", "registry_id": "123456789012"})"),
            R"(CreateRepository {"repositoryName":"r","tags":[{"Key":"iasql:intent","Value":"t0"}]})");
  EXPECT_THAT(updated("public_repository", R"({"tags": {"a": "1"}})", R"({"repository_arn": "arn:r"})", {"tags"}, "r"),
              ElementsAre(R"(TagResource {"resourceArn":"arn:r","tags":[{"Key":"a","Value":"1"}]})"));
  EXPECT_EQ(removed("public_repository", "{}", "r"), R"(DeleteRepository {"repositoryName":"r"})");
}

TEST(PublicRepositoryObserved, IsInNoRegion) {
  const Observed repository =
      observe(binding_of("public_repository"),
              read_json(R"({"repositoryName": "r", "repositoryUri": "public.ecr.aws/abc/r"})"), "us-east-1");
  EXPECT_EQ(repository.region, "global");
  EXPECT_EQ(repository.attributes.get("repository_uri"), Value("public.ecr.aws/abc/r"));
}

} // namespace
} // namespace iasql::engine
