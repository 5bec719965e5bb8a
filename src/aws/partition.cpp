#include "aws/partition.hpp"

#include <algorithm>

namespace iasql::aws {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_word_character(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_all(std::string_view text, bool (*allowed)(char)) {
  return !text.empty() && std::all_of(text.begin(), text.end(), allowed);
}

// "eu" of "eu-west-2", "us-gov" of "us-gov-west-1"; "" for a text of another form.
std::string_view prefix_of(std::string_view region) {
  const auto number = region.rfind('-');
  if (number == region.npos || number == 0 || !is_all(region.substr(number + 1), is_digit)) return {};
  const auto place = region.rfind('-', number - 1);
  if (place == region.npos || !is_all(region.substr(place + 1, number - place - 1), is_word_character)) return {};
  return region.substr(0, place);
}

} // namespace

const Partition* find_partition(std::string_view region) {
  const std::string_view prefix = prefix_of(region);
  for (const Partition& partition : partitions()) {
    if (std::binary_search(partition.regions.begin(), partition.regions.end(), region)) return &partition;
    if (!prefix.empty() && std::find(partition.region_prefixes.begin(), partition.region_prefixes.end(), prefix) !=
                               partition.region_prefixes.end())
      return &partition;
  }
  return nullptr;
}

} // namespace iasql::aws
