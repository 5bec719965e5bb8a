// Measures this project on the cases of cases.py: for each protocol the time to serialise the input, to parse the
// answer, and what the XML or JSON library alone needs to read the same bytes; and time and memory to load the service.
// Prints "what protocol value" lines for report.py: medians in nanoseconds of the processor's time, and bytes.
//
//   measure FOLDER ARCHIVE-OF-SERVICE-MODELS

#include "aws/model.hpp"
#include "aws/protocol/protocol.hpp"
#include "base/error.hpp"
#include "base/json.hpp"

#include <malloc.h>
#include <pugixml.hpp>
#include <rapidjson/document.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <sstream>
#include <vector>

namespace {

using namespace iasql;

std::string read_file(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  if (!file) throw Error(sqlstate::internal_error, "cannot read " + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Keeps the compiler from dropping work whose result nobody reads.
template <typename T>
void keep(const T& value) {
  asm volatile("" : : "g"(&value) : "memory");
}

// Of the processor's time, so that what else the machine does hardly counts.
double seconds(const std::function<void()>& work, int times) {
  std::clock_t begun = std::clock();
  for (int i = 0; i < times; ++i)
    work();
  return static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC / times;
}

// The median of rounds that each last about a hundredth of a second.
double median_seconds(const std::function<void()>& work) {
  constexpr int rounds = 31;
  constexpr double least = 0.01;
  int times = 1;
  while (seconds(work, times) * times < least)
    times *= 2;
  std::vector<double> found;
  for (int i = 0; i < rounds; ++i)
    found.push_back(seconds(work, times));
  std::nth_element(found.begin(), found.begin() + rounds / 2, found.end());
  return found[rounds / 2];
}

void print(const std::string& what, const std::string& name, double value) {
  std::cout << what << ' ' << name << ' ' << static_cast<std::int64_t>(value) << std::endl;
}

double resident_bytes() {
  double pages = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

// What a session does when a service is first named: once in a process, so without a median.
const aws::Service& load(const std::string& protocol, const std::string& name, const std::string& operation) {
  const aws::Service* service = nullptr;
  double before = resident_bytes();
  double spent = seconds(
      [&] {
        service = &aws::service(name);
        keep(service->operation(operation));
      },
      1);
  print("load", protocol, spent * 1e9);
  print("memory", protocol, resident_bytes() - before);
  return *service;
}

// What the library alone needs, told to do what it is told here: to read a copy in place, and not more than that.
void read_alone(const std::string& body) {
  if (body[0] == '<') {
    constexpr unsigned options =
        pugi::parse_default | pugi::parse_ws_pcdata_single | pugi::parse_doctype | pugi::parse_embed_pcdata;
    pugi::xml_document document;
    document.load_buffer(body.data(), body.size(), options, pugi::encoding_utf8);
    keep(document);
  } else {
    std::string copy(body);
    rapidjson::Document document;
    document.ParseInsitu(copy.data());
    keep(document);
  }
}

void measure(const std::string& folder, const std::string& protocol, const aws::Service& service,
             const std::string& operation_name, const std::string& answering_name) {
  const aws::Operation& operation = service.operation(operation_name);
  const aws::Operation& answering = service.operation(answering_name);
  Value input = read_json(read_file(folder + "/" + protocol + ".input"));
  net::HttpResponse response{200, {}, read_file(folder + "/" + protocol + ".answer")};
  print("serialise", protocol, 1e9 * median_seconds([&] { keep(aws::serialize(service, operation, input)); }));
  print("parse", protocol, 1e9 * median_seconds([&] { keep(aws::parse(service, answering, response)); }));
  print("floor", protocol, 1e9 * median_seconds([&] { read_alone(response.body); }));
}

} // namespace

int main(int count, char** arguments) {
  if (count != 3) return 64;
  // As in a session that goes on reading pages, memory stays with the process.
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  const std::string folder = arguments[1];
  aws::set_model_archive(arguments[2]);
  std::istringstream cases(read_file(folder + "/cases.txt"));
  std::string protocol, service, operation, answering;
  std::vector<std::function<void()>> measurements;
  // All are loaded first, so that none finds memory that a measurement left.
  while (cases >> protocol >> service >> operation >> answering) {
    const aws::Service& loaded = load(protocol, service, operation);
    measurements.push_back([=, &loaded] { measure(folder, protocol, loaded, operation, answering); });
  }
  for (const auto& measurement : measurements)
    measurement();
}
