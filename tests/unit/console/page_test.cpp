// What the content security policy asks of the page's files, before a browser does.

#include "console/page.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <set>

namespace iasql::console {
namespace {

std::string text(const PageFile& file) {
  return std::string(file.content);
}

TEST(Page, HasItsFiles) {
  std::set<std::string_view> paths;
  for (const auto& file : page_files())
    paths.insert(file.path);
  for (const auto* path : {"/", "/page.css", "/page.js"})
    EXPECT_TRUE(paths.contains(path)) << path;
}

TEST(Page, AsksNobodyElseForAnything) {
  // The namespace of SVG is a name, not an address.
  const std::regex address("(https?:)?//[a-z]", std::regex::icase), name("http://www\\.w3\\.org/2000/svg");
  for (const auto& file : page_files()) {
    const auto content = std::regex_replace(text(file), name, "");
    std::smatch found;
    EXPECT_FALSE(std::regex_search(content, found, address)) << file.path << ": " << found.str();
  }
}

TEST(Page, HasNothingInline) {
  const std::regex inline_script("<script(?![^>]*src=)|<style|\\sstyle=|\\son[a-z]+=|javascript:", std::regex::icase);
  for (const auto& file : page_files())
    if (file.content_type.starts_with("text/html")) {
      const auto content = text(file);
      EXPECT_FALSE(std::regex_search(content, inline_script)) << file.path;
    }
}

TEST(Page, NeverParsesTextAsHtml) {
  const std::regex parsing("innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\(|new Function|srcdoc");
  for (const auto& file : page_files())
    if (file.content_type.starts_with("text/javascript")) {
      const auto content = text(file);
      EXPECT_FALSE(std::regex_search(content, parsing)) << file.path;
    }
}

} // namespace
} // namespace iasql::console
