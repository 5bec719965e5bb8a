#include "discovery/discovery_test.hpp"

namespace iasql::discovery {
namespace {

struct ChainTest : DiscoveryTest {};

TEST_F(ChainTest, WithoutAnythingItSaysWhatWasTried) {
  EXPECT_EQ(failure(), "no AWS credentials were found for profile default");
  const auto credentials = (home / ".aws/credentials").string(), config = (home / ".aws/config").string();
  EXPECT_EQ(detail,
            "environment: AWS_ACCESS_KEY_ID is not set\n"
            "role: profile default has no role_arn\n"
            "web identity: AWS_WEB_IDENTITY_TOKEN_FILE is not set and profile default has no web_identity_token_file\n"
            "single sign-on: profile default has no sso_account_id\n"
            "credentials file: " +
                credentials +
                " has no profile default\n"
                "process: profile default has no credential_process\n"
                "configuration file: " +
                config +
                " has no profile default\n"
                "container: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI are not set\n"
                "instance: AWS_EC2_METADATA_DISABLED is true");
}

TEST_F(ChainTest, TheEnvironmentNeedsBothParts) {
  variables["AWS_SECRET_ACCESS_KEY"] = "secret";
  failure();
  variables["AWS_ACCESS_KEY_ID"] = "AKIAENV";
  variables["AWS_SECRET_ACCESS_KEY"] = "";
  EXPECT_THROW(find(), Error);
  variables["AWS_SECRET_ACCESS_KEY"] = "secret";
  auto found = find();
  EXPECT_EQ(source, "environment");
  EXPECT_EQ(found.access_key_id, "AKIAENV");
  EXPECT_EQ(found.secret_access_key, "secret");
  EXPECT_EQ(found.session_token, "");
  EXPECT_FALSE(found.expires);
  variables["AWS_SESSION_TOKEN"] = "token";
  variables["AWS_CREDENTIAL_EXPIRATION"] = "2026-11-22T01:00:00Z";
  found = find();
  EXPECT_EQ(found.session_token, "token");
  EXPECT_EQ(found.expires, clock.time + std::chrono::hours(1));
  variables["AWS_CREDENTIAL_EXPIRATION"] = "tomorrow";
  EXPECT_EQ(failure(), "AWS_CREDENTIAL_EXPIRATION is no time");
}

// Each line takes away what was found before: the next source is the one that answers.
TEST_F(ChainTest, HasTheOrderOfTheSdks) {
  variables["AWS_ACCESS_KEY_ID"] = "AKIAENV";
  variables["AWS_SECRET_ACCESS_KEY"] = "secret";
  variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/x";
  variables["AWS_EC2_METADATA_DISABLED"] = "false";
  write("token", "identity");
  write(".aws/credentials", "[default]\naws_access_key_id = AKIAFILE\naws_secret_access_key = x\n");
  const std::string keys = "aws_access_key_id = AKIACONFIG\naws_secret_access_key = x\n",
                    process = "credential_process = echo\n",
                    sso = "sso_account_id = 1\nsso_role_name = r\nsso_region = us-east-1\nsso_start_url = u\n",
                    web = "web_identity_token_file = ~/token\n", arn = "role_arn = arn:aws:iam::123456789012:role/r\n",
                    base = "source_profile = default\n";
  const std::string head = "[default]\n";
  const Question question{.profile = {}, .processes = Processes::allowed};

  write(".aws/config", head + keys + process + sso + arn + base);
  EXPECT_EQ(look(question).source, "environment");
  variables.erase("AWS_ACCESS_KEY_ID");
  EXPECT_EQ(look(question).source, "role");
  write(".aws/config", head + keys + process + sso + arn + base + web);
  EXPECT_EQ(look(question).source, "web identity");
  write(".aws/config", head + keys + process + sso);
  EXPECT_EQ(look(question).source, "single sign-on");
  write(".aws/config", head + keys + process);
  EXPECT_EQ(look(question).source, "credentials file");
  write(".aws/credentials", "");
  EXPECT_EQ(look(question).source, "process");
  EXPECT_EQ(look().source, "configuration file") << "programs are not started unless the caller allows it";
  write(".aws/config", head + keys);
  EXPECT_EQ(look(question).source, "configuration file");
  write(".aws/config", "");
  EXPECT_EQ(look(question).source, "container");
  EXPECT_TRUE(http.requests.empty()) << "nobody is asked before the provider is used";
  variables.erase("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  silence();
  failure(question);
  EXPECT_NE(detail.find("instance: the instance's metadata service does not answer"), detail.npos) << detail;
  EXPECT_EQ(http.requests.size(), 1);
}

TEST_F(ChainTest, ANamedProfileCountsMoreThanTheEnvironment) {
  variables["AWS_ACCESS_KEY_ID"] = "AKIAENV";
  variables["AWS_SECRET_ACCESS_KEY"] = "secret";
  variables["AWS_PROFILE"] = "other";
  write(".aws/credentials", "[default]\naws_access_key_id = AKIADEFAULT\naws_secret_access_key = x\n"
                            "[other]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = y\n");
  EXPECT_EQ(find().access_key_id, "AKIAENV");
  EXPECT_EQ(find({.profile = "default"}).access_key_id, "AKIADEFAULT");
  variables.erase("AWS_ACCESS_KEY_ID");
  EXPECT_EQ(find().access_key_id, "AKIAOTHER");
  variables.erase("AWS_PROFILE");
  EXPECT_EQ(find().access_key_id, "AKIADEFAULT");
}

TEST_F(ChainTest, AProfileThatIsNotThereIsAnError) {
  write(".aws/config", "[profile production]\nregion = eu-west-2\n");
  EXPECT_EQ(failure({.profile = "producton"}), "there is no profile producton in " +
                                                   (home / ".aws/credentials").string() + " or " +
                                                   (home / ".aws/config").string());
  EXPECT_EQ(hint, "Is it production?");
  variables["AWS_PROFILE"] = "missing";
  failure();
  variables.erase("AWS_PROFILE");
  failure({.profile = "default"});
}

TEST_F(ChainTest, TheTutorialsProfileIsFound) {
  write(".aws/credentials", "[default]\naws_access_key_id = AKIADEFAULT\naws_secret_access_key = de/fault+secret==\n");
  auto found = find({.profile = "default"});
  EXPECT_EQ(source, "credentials file");
  EXPECT_EQ(found.access_key_id, "AKIADEFAULT");
  EXPECT_EQ(found.secret_access_key, "de/fault+secret==");
  EXPECT_EQ(found.session_token, "");
}

TEST_F(ChainTest, AProfilesTokenHasTwoNames) {
  write(".aws/credentials", "[a]\naws_access_key_id = A\naws_secret_access_key = a\naws_session_token = token\n"
                            "[b]\naws_access_key_id = B\naws_secret_access_key = b\naws_security_token = former\n");
  EXPECT_EQ(find({.profile = "a"}).session_token, "token");
  EXPECT_EQ(find({.profile = "b"}).session_token, "former");
}

TEST_F(ChainTest, HalfAKeyIsAnErrorThatNamesTheFile) {
  write(".aws/credentials", "[one]\naws_secret_access_key = verysecret\n[two]\naws_access_key_id = AKIA\n");
  write(".aws/config", "[profile three]\naws_access_key_id = AKIA\naws_secret_access_key =\n");
  const auto credentials = (home / ".aws/credentials").string();
  EXPECT_EQ(failure({.profile = "one"}), "profile one in " + credentials + " has no aws_access_key_id");
  EXPECT_THROW(find({.profile = "two"}), Error);
  EXPECT_THROW(find({.profile = "three"}), Error);
}

TEST_F(ChainTest, FilesMayLieElsewhere) {
  write("keys", "[default]\naws_access_key_id = E\naws_secret_access_key = e\n");
  variables["AWS_SHARED_CREDENTIALS_FILE"] = "~/keys";
  EXPECT_EQ(find().access_key_id, "E");
  variables["AWS_SHARED_CREDENTIALS_FILE"] = "";
  failure();
  variables["AWS_CONFIG_FILE"] = (home / "keys").string();
  EXPECT_EQ(find().access_key_id, "E");
  EXPECT_EQ(source, "configuration file");
}

TEST_F(ChainTest, FilesThatCannotBeReadAreAnError) {
  std::filesystem::create_directory(home / ".aws/credentials");
  EXPECT_NE(failure().find("it is not a file"), std::string::npos);
  std::filesystem::remove(home / ".aws/credentials");
  write(".aws/credentials", std::string(aws::largest_config_file + 1, '#'));
  EXPECT_NE(failure().find("it is larger than 1 MiB"), std::string::npos);
  write(".aws/credentials", "[default]\nverysecret\n");
  EXPECT_NE(failure().find(".aws/credentials: line 2: "), std::string::npos);
}

TEST_F(ChainTest, TheRegionIsTheProfiles) {
  variables["AWS_DEFAULT_REGION"] = "eu-west-1";
  write(".aws/config", "[default]\nregion = eu-west-2\n[profile none]\noutput = json\n");
  const auto files = read_config_files(environment());
  EXPECT_EQ(region_of(environment(), files, "default"), "eu-west-2");
  EXPECT_EQ(region_of(environment(), files, "none"), "eu-west-1");
  EXPECT_EQ(region_of(environment(), files, "missing"), "eu-west-1");
  variables["AWS_REGION"] = "eu-west-3";
  EXPECT_EQ(region_of(environment(), files, "none"), "eu-west-3");
  EXPECT_EQ(region_of(Environment({}), files, "none"), "");
}

TEST(EnvironmentTest, HasAwssVariablesAndAHome) {
  setenv("AWS_IASQL_TEST", "here", 1);
  const auto environment = Environment::of_this_process();
  unsetenv("AWS_IASQL_TEST");
  EXPECT_EQ(environment.get("AWS_IASQL_TEST"), "here");
  EXPECT_EQ(environment.get("PATH"), "");
  EXPECT_NE(environment.get("HOME"), "");
  EXPECT_EQ(environment.expanded("~/x"), std::string(environment.get("HOME")) + "/x");
  EXPECT_EQ(environment.expanded("~other/x"), "~other/x");
  EXPECT_EQ(environment.expanded("/x"), "/x");
}

} // namespace
} // namespace iasql::discovery
