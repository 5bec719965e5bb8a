#include "cli/commands.hpp"
#include "cli/terminal.hpp"
#include "hosting/hosting.hpp"
#include "hosting/running_server.hpp"

#include <algorithm>
#include <array>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace iasql::cli {

using namespace hosting;

namespace {

void databases(const DataFolder& folder) {
  const auto server = running_server(folder);
  using Line = std::array<std::string, 7>;
  std::vector<Line> lines{{"NAME", "ALIAS", "USER", "ACCOUNT", "REGION", "CREATED (UTC)", "SIZE"}};
  Hosting hosting([&](const std::string& name) { return server.connect(name); });
  for (const auto& database : hosting.list())
    lines.push_back({database.name, database.alias.value_or("-"), database.role, database.account_id, database.region,
                     database.created, readable_size(database.bytes)});
  std::array<std::size_t, 7> widths{};
  for (const auto& line : lines)
    for (std::size_t column = 0; column < line.size(); ++column)
      widths[column] = std::max(widths[column], line[column].size());
  for (const auto& line : lines) {
    std::string text;
    for (std::size_t column = 0; column < line.size(); ++column) {
      text += line[column];
      if (column + 1 < line.size()) text.append(widths[column] - line[column].size() + 2, ' ');
    }
    std::cout << text << "\n";
  }
}

} // namespace

void add_databases(CLI::App& program) {
  auto data = std::make_shared<std::string>();
  auto* command = program.add_subcommand("databases", "List the connected databases");
  add_data_option(*command, *data);
  command->callback([data] { databases(data_folder(*data)); });
}

} // namespace iasql::cli
