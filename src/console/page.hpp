#pragma once

// The page's files, compiled into the program.

#include <span>
#include <string_view>

namespace iasql::console {

struct PageFile {
  std::string_view path; // "/page.js"; "/" for index.html
  std::string_view content_type;
  std::string_view content;
};

std::span<const PageFile> page_files();

} // namespace iasql::console
