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

// For each the median of rounds that last about a hundredth of a second. They take turns, so that what changes with
// time changes for all.
std::vector<double> median_seconds(const std::vector<std::function<void()>>& works) {
  constexpr int rounds = 61;
  constexpr double least = 0.01;
  std::vector<int> times(works.size(), 1);
  for (std::size_t i = 0; i < works.size(); ++i)
    while (seconds(works[i], times[i]) * times[i] < least)
      times[i] *= 2;
  std::vector<std::vector<double>> found(works.size());
  for (int round = 0; round < rounds; ++round)
    for (std::size_t i = 0; i < works.size(); ++i)
      found[i].push_back(seconds(works[i], times[i]));
  std::vector<double> medians;
  for (std::vector<double>& one : found) {
    std::nth_element(one.begin(), one.begin() + rounds / 2, one.end());
    medians.push_back(one[rounds / 2]);
  }
  return medians;
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
  const std::vector<double> medians =
      median_seconds({[&] { keep(aws::serialize(service, operation, input)); },
                      [&] { keep(aws::parse(service, answering, response)); }, [&] { read_alone(response.body); }});
  print("serialise", protocol, 1e9 * medians[0]);
  print("parse", protocol, 1e9 * medians[1]);
  print("floor", protocol, 1e9 * medians[2]);
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
