// The requests of aws_rds, and what it makes of AWS's answers.

#include "engine/requests.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace iasql::engine {
namespace {

using testing::binding_of;
using testing::created;
using ::testing::ElementsAre;
using testing::removed;
using testing::row;
using testing::updated;

TEST(RdsRequests, CreateCarriesGroupsAndPassword) {
  EXPECT_EQ(
      created("rds", R"({"db_instance_identifier": "Db", "allocated_storage": 20, "availability_zone": "eu-west-2a",
                "db_instance_class": "db.t4g.micro", "engine": "postgres", "master_user_password": "secret",
                "master_username": "me", "endpoint_port": 1, "backup_retention_period": 1, "skip_final_snapshot": true,
                "rds_security_groups": ["sg-1", "sg-2"]})"),
      R"(CreateDBInstance {"DBInstanceIdentifier":"Db","AllocatedStorage":20,"AvailabilityZone":"eu-west-2a",)"
      R"("DBInstanceClass":"db.t4g.micro","Engine":"postgres","MasterUserPassword":"secret",)"
      R"("MasterUsername":"me","BackupRetentionPeriod":1,"VpcSecurityGroupIds":["sg-1","sg-2"],)"
      R"("Tags":[{"Key":"iasql:intent","Value":"t0"}]})");
}

TEST(RdsRequests, ChangesAreMadeAtOnce) {
  const char* wanted = R"({"allocated_storage": 30, "master_user_password": "new", "rds_security_groups": ["sg-3"]})";
  EXPECT_THAT(updated("rds", wanted, "{}", {"allocated_storage", "master_user_password"}, "db"),
              ElementsAre(R"(ModifyDBInstance {"DBInstanceIdentifier":"db","ApplyImmediately":true,)"
                          R"("AllocatedStorage":30,"MasterUserPassword":"new"})"));
  EXPECT_THAT(updated("rds", wanted, "{}", {"rds_security_groups"}, "db"),
              ElementsAre(R"(ModifyDBInstance {"DBInstanceIdentifier":"db","ApplyImmediately":true,)"
                          R"("VpcSecurityGroupIds":["sg-3"]})"));
  EXPECT_THAT(updated("rds", R"({"skip_final_snapshot": true})", "{}", {"skip_final_snapshot"}, "db"), ElementsAre());
  EXPECT_THAT(updated("rds", R"({"tags": {"a": "1"}})", R"({"arn": "arn:db", "tags": {"b": "2"}})", {"tags"}, "db"),
              ElementsAre(R"(RemoveTagsFromResource {"ResourceName":"arn:db","TagKeys":["b"]})",
                          R"(AddTagsToResource {"ResourceName":"arn:db","Tags":[{"Key":"a","Value":"1"}]})"));
}

TEST(RdsRequests, WhatHoldsTheDataIsReplaced) {
  const Binding& rds = binding_of("rds");
  for (const char* column : {"db_instance_identifier", "availability_zone", "engine", "master_username"})
    EXPECT_TRUE(needs_replace(rds, row("{}"), row("{}"), {column})) << column;
  EXPECT_TRUE(rds.resource->loses_data);
}

TEST(RdsRequests, TheDataStaysInASnapshotUnlessToldOtherwise) {
  const std::string named =
      R"(DeleteDBInstance {"DBInstanceIdentifier":"db","FinalDBSnapshotIdentifier":"db-final-t0"})";
  EXPECT_EQ(removed("rds", R"({"db_instance_identifier": "db"})", "db"), named);
  EXPECT_EQ(removed("rds", R"({"db_instance_identifier": "db", "skip_final_snapshot": false})", "db"),
            R"(DeleteDBInstance {"DBInstanceIdentifier":"db","SkipFinalSnapshot":false,)"
            R"("FinalDBSnapshotIdentifier":"db-final-t0"})");
  EXPECT_EQ(removed("rds", R"({"db_instance_identifier": "db", "skip_final_snapshot": true})", "db"),
            R"(DeleteDBInstance {"DBInstanceIdentifier":"db","SkipFinalSnapshot":true})");
}

TEST(RdsRequests, SnapshotsNamesAreAsAwsWantsThem) {
  const Request request = remove_request(binding_of("rds"), row(R"({"db_instance_identifier": "db"})"), "db",
                                         "0b5e9f6c-2d63-4bb1-8f44-f6b7a9a1c0de");
  EXPECT_EQ(request.input["FinalDBSnapshotIdentifier"], Value("db-final-0b5e9f6c2d634bb18f44f6b7a9a1c0de"));
}

TEST(RdsObserved, TheObjectAsItWillBe) {
  const Observed instance = observe(binding_of("rds"), read_json(R"({"DBInstanceIdentifier": "db",
      "DBInstanceArn": "arn:db", "AllocatedStorage": 20, "DBInstanceClass": "db.t4g.micro", "BackupRetentionPeriod": 1,
      "PendingModifiedValues": {"AllocatedStorage": 30, "BackupRetentionPeriod": 0, "MasterUserPassword": "****"},
      "Endpoint": {"Address": "db.example", "Port": 5432, "HostedZoneId": "Z1"},
      "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1", "Status": "removing"},
                            {"VpcSecurityGroupId": "sg-2", "Status": "adding"}], "TagList": []})"),
                                    "eu-west-2");
  EXPECT_EQ(instance.cloud_id, "db");
  EXPECT_EQ(instance.attributes.get("allocated_storage"), Value(30));
  EXPECT_EQ(instance.attributes.get("backup_retention_period"), Value(0));
  EXPECT_EQ(instance.attributes.get("db_instance_class"), Value("db.t4g.micro"));
  EXPECT_EQ(instance.attributes.get("endpoint_addr"), Value("db.example"));
  EXPECT_EQ(instance.attributes.get("endpoint_port"), Value(5432));
  EXPECT_EQ(instance.attributes.get("endpoint_hosted_zone_id"), Value("Z1"));
  EXPECT_EQ(instance.attributes.get("rds_security_groups"), read_json(R"(["sg-2"])"));
  EXPECT_EQ(instance.attributes.get("arn"), Value("arn:db"));
  EXPECT_EQ(instance.attributes.find("master_user_password"), nullptr);
  EXPECT_EQ(instance.attributes.find("skip_final_snapshot"), nullptr);
}

TEST(RdsObserved, AnInstanceThatIsStillBeingMadeHasNoEndpoint) {
  const Observed instance = observe(binding_of("rds"), read_json(R"({"DBInstanceIdentifier": "db"})"), "eu-west-2");
  EXPECT_TRUE(instance.attributes.get("endpoint_addr").is_null());
}

TEST(RdsEquality, CapitalsInANameDoNotCount) {
  const BoundAttribute& name = *binding_of("rds").attribute("db_instance_identifier");
  EXPECT_TRUE(same_value(name, "My-DB", "my-db"));
  EXPECT_FALSE(same_value(name, "my-db", "my-db2"));
}

TEST(RdsSecret, ThePasswordIsSentAndNotKept) {
  EXPECT_TRUE(binding_of("rds").attribute("master_user_password")->is_secret());
  EXPECT_FALSE(binding_of("rds").attribute("master_username")->is_secret());
}

} // namespace
} // namespace iasql::engine
