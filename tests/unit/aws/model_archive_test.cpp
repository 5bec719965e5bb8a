#include "aws/embedded_models.hpp"
#include "aws/model.hpp"
#include "aws/model_archive.hpp"
#include "base/error.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>

namespace iasql::aws {
namespace {

// The archive that this build made.
constexpr const char* archive_path = IASQL_MODEL_ARCHIVE;

std::string bytes_of_archive() {
  std::ifstream file(archive_path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A file of the test's own, gone with the test.
struct TemporaryFile {
  explicit TemporaryFile(const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }
  ~TemporaryFile() { std::remove(path.c_str()); }
  std::string path = testing::TempDir() + "iasql-models-" + std::to_string(getpid());
};

std::string why_refused(const std::string& path, std::string_view service = {}) {
  try {
    ModelArchive archive(path);
    if (!service.empty()) archive.model(service);
  } catch (const Error& error) {
    EXPECT_EQ(error.sqlstate(), sqlstate::invalid_spec);
    return error.what();
  }
  return {};
}

// Every service of the archive as a model of its own, beside those that service() knows.
std::unique_ptr<Service> whole_service(const ModelArchive& archive, const std::string& name) {
  auto words = archive.model(name);
  EXPECT_TRUE(words.has_value()) << name;
  return words ? read_service(name, std::move(*words)) : nullptr;
}

TEST(ModelArchive, EveryModelLoadsWithEveryOperationAndWaiter) {
  ModelArchive archive{archive_path};
  std::size_t services = 0, operations = 0, paginators = 0, waiters = 0;
  std::vector<std::string> unspoken;
  for (const ListedService& listed : archive.services()) {
    ++services;
    operations += listed.operations.size();
    EXPECT_NE(listed.full_name, "");
    EXPECT_NE(listed.api_version, "");
    EXPECT_NE(listed.protocol, "");
    if (listed.unsupported.starts_with("protocol")) {
      EXPECT_THROW(whole_service(archive, listed.name), Error);
      unspoken.push_back(listed.name);
      continue;
    }
    auto service = whole_service(archive, listed.name);
    EXPECT_EQ(service->api_version, listed.api_version);
    for (const ListedOperation& operation : listed.operations) {
      const Operation& found = service->operation(operation.name);
      EXPECT_EQ(found.paginator != nullptr, operation.is_paginated) << listed.name << " " << operation.name;
      paginators += found.paginator != nullptr;
      EXPECT_TRUE(!found.input || found.input->type == ShapeType::structure) << listed.name << " " << operation.name;
    }
    for (const std::string& name : service->waiter_names()) {
      const Waiter* waiter = service->find_waiter(name);
      ASSERT_NE(waiter, nullptr);
      EXPECT_NE(service->find_operation(waiter->operation), nullptr) << listed.name << " " << name;
      EXPECT_FALSE(waiter->acceptors.empty()) << listed.name << " " << name;
      ++waiters;
    }
  }
  // What the pinned release of botocore has; a new pin changes these.
  EXPECT_EQ(services, 439u);
  EXPECT_EQ(operations, 19'796u);
  EXPECT_EQ(paginators, 3'426u);
  EXPECT_EQ(waiters, 408u);
  EXPECT_THAT(unspoken, testing::ElementsAre("cloudwatchomni", "eventbridgev2", "partnercentral-revenue-measurement"));
}

TEST(ModelArchive, SaysWhatCannotBeCalledAndWhy) {
  std::map<std::string, ListedService> services;
  for (ListedService& service : ModelArchive{archive_path}.services())
    services.emplace(service.name, service);
  EXPECT_EQ(services.at("ec2").unsupported, "");
  EXPECT_EQ(services.at("ec2").protocol, "ec2");
  EXPECT_EQ(services.at("ec2").uid, "ec2-2016-11-15");
  EXPECT_EQ(services.at("eventbridgev2").unsupported, "protocol smithy-rpc-v2-cbor is not spoken here");
  EXPECT_EQ(services.at("sdb").unsupported, "it takes signatures of version 2 only");
  EXPECT_EQ(services.at("codecatalyst").unsupported, "it takes bearer tokens only");
  auto reason = [&](const char* service, std::string_view name) {
    for (const ListedOperation& operation : services.at(service).operations)
      if (operation.name == name) return operation.unsupported;
    return std::string("no such operation");
  };
  EXPECT_EQ(reason("s3", "ListBuckets"), "");
  EXPECT_EQ(reason("s3", "SelectObjectContent"), "its messages are an event stream");
  EXPECT_EQ(reason("transcribe", "StartTranscriptionJob"), "");
}

TEST(ModelArchive, FillsInWhatIsNotCompiledIn) {
  const Service& sts = service("sts");
  const Operation& compiled_in = sts.operation("GetCallerIdentity");
  EXPECT_EQ(sts.find_operation("GetSessionToken"), nullptr);
  EXPECT_THROW(service("dynamodb"), Error);

  set_model_archive(archive_path);
  const Operation& from_archive = sts.operation("GetSessionToken");
  EXPECT_EQ(from_archive.result_wrapper, "GetSessionTokenResult");
  EXPECT_EQ(&sts.operation("GetSessionToken"), &from_archive);
  EXPECT_EQ(&sts.operation("GetCallerIdentity"), &compiled_in);
  EXPECT_EQ(&service("sts"), &sts);
  EXPECT_THAT(sts.operation_names(), testing::Contains("DecodeAuthorizationMessage"));
  EXPECT_EQ(service("dynamodb").operation("Query").input->member("TableName")->context_param, "ResourceArn");
  try {
    service("dynamo");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "no service model dynamo");
    EXPECT_EQ(error.hint(), "Did you mean dynamodb?");
  }
  set_model_archive("");
  EXPECT_EQ(&sts.operation("GetSessionToken"), &from_archive);
}

TEST(ModelArchive, IsRefusedWhereItIsDamaged) {
  EXPECT_THAT(why_refused("/nonexistent"), testing::HasSubstr("No such file"));
  std::string bytes = bytes_of_archive();
  ASSERT_GT(bytes.size(), 1'000'000u);
  {
    TemporaryFile file(bytes.substr(0, 20));
    EXPECT_THAT(why_refused(file.path), testing::HasSubstr("too short"));
  }
  {
    TemporaryFile file("iasqlm00" + bytes.substr(8));
    EXPECT_THAT(why_refused(file.path), testing::HasSubstr("another version"));
  }
  {
    std::string damaged = bytes;
    damaged[100] ^= 1;
    TemporaryFile file(damaged);
    EXPECT_THAT(why_refused(file.path), testing::HasSubstr("damaged"));
  }
  {
    std::string sizes = bytes;
    sizes[15] = '\x7f'; // an index of 2^62 bytes
    TemporaryFile file(sizes);
    EXPECT_THAT(why_refused(file.path), testing::HasSubstr("damaged"));
  }
  {
    TemporaryFile file(bytes.substr(0, bytes.size() - 1000));
    EXPECT_EQ(why_refused(file.path), "");
    EXPECT_EQ(why_refused(file.path, "ec2"), "");
    EXPECT_THAT(why_refused(file.path, "xray"), testing::HasSubstr("too short"));
  }
}

TEST(ModelArchive, HasWhatIsCompiledIn) {
  ModelArchive archive{archive_path};
  for (const EmbeddedModel& model : embedded_models())
    EXPECT_TRUE(archive.model(model.service).has_value()) << model.service;
  EXPECT_FALSE(archive.model("nothing").has_value());
}

} // namespace
} // namespace iasql::aws
