#include "base/names.hpp"

#include <algorithm>
#include <numeric>

namespace iasql {

namespace {

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
char lower(char c) {
  return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

// Levenshtein's distance, row by row; two neighbours that changed places count as one replacement.
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> before, above(right.size() + 1), row(right.size() + 1);
  std::iota(above.begin(), above.end(), std::size_t{0});
  const auto same = [&](std::size_t i, std::size_t j) { return lower(left[i - 1]) == lower(right[j - 1]); };
  for (std::size_t i = 1; i <= left.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same(i, j) ? 0 : 1)});
      if (i > 1 && j > 1 && same(i, j - 1) && same(i - 1, j)) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = above;
    above = row;
  }
  return above.back();
}

// Whether a word begins at the capital at `at`: after a small letter or a digit, or as the last capital of an acronym
// that a small letter follows; the "s" of a plural ("VPCs") makes no word.
bool begins_word(std::string_view name, std::size_t at) {
  if (at == 0) return false;
  if (!is_upper(name[at - 1])) return name[at - 1] != '_' && name[at - 1] != '-';
  if (at + 1 >= name.size() || !is_lower(name[at + 1])) return false;
  bool plural = name[at + 1] == 's' && (at + 2 == name.size() || is_upper(name[at + 2]));
  return !plural;
}

} // namespace

std::string lower_case(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

std::string nearest(std::string_view wanted, const std::vector<std::string>& candidates) {
  // A third of the longer name may be wrong; a name of a few letters would otherwise be near to every other.
  constexpr std::size_t longest = 256;
  if (wanted.empty() || wanted.size() > longest) return {};
  const std::string* best = nullptr;
  std::size_t best_distance = 0;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > longest) continue;
    std::size_t found = distance(wanted, candidate);
    if (found > std::max(wanted.size(), candidate.size()) / 3) continue;
    if (!best || found < best_distance) {
      best = &candidate;
      best_distance = found;
    }
  }
  return best ? *best : std::string();
}

std::string snake_case(std::string_view name) {
  std::string result;
  for (std::size_t at = 0; at < name.size(); ++at) {
    if (is_upper(name[at]) && begins_word(name, at)) result += '_';
    result += name[at] == '-' ? '_' : lower(name[at]);
  }
  return result;
}

} // namespace iasql
