// Configuration files: those of botocore's own tests, and generated ones of which botocore itself says what is in them.

#include "aws/config_file.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "conformance/places.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <random>

namespace iasql::aws {
namespace {

namespace fs = std::filesystem;

Value section_value(const ConfigSection& section) {
  Object members;
  for (const auto& [name, text] : section.settings)
    if (section.groups.count(name) == 0) members.set(name, text);
  for (const auto& [name, group] : section.groups) {
    Object settings;
    for (const auto& [setting, text] : group)
      settings.set(setting, text);
    members.set(name, std::move(settings));
  }
  return members;
}

Value sections_value(const ConfigSections& sections) {
  Object members;
  for (const auto& [name, section] : sections)
    members.set(name, section_value(section));
  return members;
}

// In the oracle's form: null where the text is refused.
Value read(const std::string& text, ConfigFile kind) {
  try {
    const auto config = parse_config(text, kind, "file");
    return Object{{"profiles", sections_value(config.profiles)},
                  {"sso_sessions", sections_value(config.sso_sessions)},
                  {"services", sections_value(config.services)}};
  } catch (const Error& error) {
    EXPECT_EQ(error.sqlstate(), sqlstate::not_connected);
    return nullptr;
  }
}

struct Case {
  ConfigFile kind;
  std::string text;
};

Array ask_botocore(const std::vector<Case>& cases) {
  const fs::path folder = fs::path(IASQL_BINARY_DIR) / "conformance";
  fs::create_directories(folder);
  const auto questions = folder / "config_files.json", answers = folder / "config_files_read.json";
  Array list;
  for (const auto& [kind, text] : cases)
    list.emplace_back(Array{kind == ConfigFile::credentials ? "credentials" : "configuration", text});
  std::ofstream(questions) << write_json(list);
  const auto quoted = [](const fs::path& path) { return "'" + path.string() + "' "; };
  const std::string command = "PYTHONUTF8=1 PYTHONPATH=" + quoted(fs::path(IASQL_BINARY_DIR) / "models/botocore.whl") +
                              quoted(IASQL_PYTHON) +
                              quoted(fs::path(IASQL_SOURCE_DIR) / "tests/conformance/config_file_oracle.py") + "<" +
                              quoted(questions) + ">" + quoted(answers);
  if (std::system(command.c_str()) != 0) throw std::runtime_error("botocore's configuration loader does not run");
  return read_json(conformance::read_file(answers)).array();
}

// Lines of every kind in any order: most texts have a fault somewhere, many have none.
std::string random_text(std::mt19937& random) {
  static const std::vector<std::string> lines = {"[default]",
                                                 "[profile a]",
                                                 "[profile \"b c\"]",
                                                 "[profile 'd]",
                                                 "[profile e f]",
                                                 "[sso-session s]",
                                                 "[services x]",
                                                 "[preview]",
                                                 "  [g]",
                                                 "[h] tail",
                                                 "[]",
                                                 "[i",
                                                 "[j]k]",
                                                 "name = value",
                                                 "name: other",
                                                 "Name = upper",
                                                 "second = a = b",
                                                 "third=x:y",
                                                 "empty =",
                                                 "spaced   =   value  ",
                                                 "  key = indented",
                                                 "\tkey2 = tab",
                                                 "    deep = er",
                                                 "      deeper",
                                                 "# comment",
                                                 "  ; comment",
                                                 "",
                                                 "   ",
                                                 "no delimiter",
                                                 "= nothing",
                                                 ": nothing",
                                                 "s3 =",
                                                 "  max = 1",
                                                 "  addressing_style = path",
                                                 "quoted = \"x # y\"",
                                                 "unicode = \xc3\xa9",
                                                 "url = https://a.example:1/?q=1#f",
                                                 "k = v\r"};
  std::string text;
  // A good beginning, so that not every text ends at its first line.
  if (random() % 8 != 0) text = lines[random() % 3] + "\n";
  for (auto count = random() % 9; count > 0; --count)
    text += lines[random() % lines.size()] + "\n";
  return text;
}

TEST(ConfigFiles, AreReadAsBotocoreReadsThem) {
  std::mt19937 random(2026);
  std::vector<Case> cases;
  for (int i = 0; i < 5'000; ++i)
    cases.push_back({i % 4 == 0 ? ConfigFile::credentials : ConfigFile::configuration, random_text(random)});
  const auto expected = ask_botocore(cases);
  ASSERT_EQ(expected.size(), cases.size());
  int different = 0, readable = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto found = read(cases[i].text, cases[i].kind);
    readable += !found.is_null();
    if (found == expected[i]) continue;
    if (++different <= 5)
      ADD_FAILURE() << cases[i].text << "\nbotocore: " << write_json(expected[i]) << "\nwe: " << write_json(found);
  }
  EXPECT_EQ(different, 0);
  EXPECT_GT(readable, 1'000);
  std::cout << cases.size() << " files, " << readable << " of them readable, " << different << " differences\n";
}

// The files of tests/unit/cfg. aws_credentials and the two of boto are of tools before botocore; they are read all the
// same.
TEST(ConfigFiles, OfBotocoresTestsAreReadAsBotocoreReadsThem) {
  std::vector<Case> cases;
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(conformance::botocore_source() / "tests/unit/cfg")) {
    const auto text = conformance::read_file(entry.path());
    names.push_back(entry.path().filename());
    if (names.back() ==
        "aws_config_badbytes") { // JSON cannot carry it to the oracle, whose test says that it is refused
      EXPECT_TRUE(read(text, ConfigFile::configuration).is_null());
      names.pop_back();
      continue;
    }
    cases.push_back({ConfigFile::configuration, text});
  }
  const auto expected = ask_botocore(cases);
  EXPECT_GE(cases.size(), 13);
  for (std::size_t i = 0; i < cases.size(); ++i)
    EXPECT_EQ(read(cases[i].text, cases[i].kind), expected[i]) << names[i];
  std::cout << cases.size() + 1 << " files\n";
}

} // namespace
} // namespace iasql::aws
