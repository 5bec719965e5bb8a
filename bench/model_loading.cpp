// How long service models take to be there, and what they weigh:
//
//   model_loading ARCHIVE [SERVICE OPERATION]...
//
// One line of JSON for each service: the archive's index and the model read and unpacked, the named operation made from
// it, and for comparison every operation made; each the median of 21 runs in milliseconds. Bytes are those on the heap.
// The first line is of all compiled-in models with one operation each: what a new backend pays.

#include "aws/embedded_models.hpp"
#include "aws/model_archive.hpp"
#include "aws/model_reader.hpp"
#include "base/json.hpp"

#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <vector>

namespace iasql::aws {
namespace {

template <typename Work>
double median_milliseconds(Work work) {
  std::vector<double> times;
  for (int run = 0; run < 21; ++run) {
    auto begun = std::chrono::steady_clock::now();
    work();
    times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count());
  }
  std::nth_element(times.begin(), times.begin() + 10, times.end());
  return times[10];
}

template <typename Work>
std::int64_t heap_bytes(Work work) {
  auto used = [] {
    auto info = mallinfo2();
    return static_cast<std::int64_t>(info.uordblks + info.hblkhd);
  };
  auto before = used();
  auto kept = work();
  return used() - before;
}

std::unique_ptr<ModelReader> load(const char* archive, const std::string& service) {
  return std::make_unique<ModelReader>(ModelArchive(archive).model(service).value());
}

std::unique_ptr<ModelReader> with_all(std::unique_ptr<ModelReader> reader) {
  for (const std::string& name : reader->operation_names())
    reader->operation(name);
  return reader;
}

Value measure(const char* archive, const std::string& service, const std::string& operation) {
  auto with_one = [&] {
    auto reader = load(archive, service);
    if (!reader->operation(operation)) throw std::runtime_error(service + " has no operation " + operation);
    return reader;
  };
  return Object{{"service", service},
                {"operation", operation},
                {"load_ms", median_milliseconds([&] { load(archive, service); })},
                {"load_and_operation_ms", median_milliseconds(with_one)},
                {"load_and_all_operations_ms", median_milliseconds([&] { with_all(load(archive, service)); })},
                {"bytes", heap_bytes(with_one)},
                {"bytes_with_all_operations", heap_bytes([&] { return with_all(load(archive, service)); })}};
}

Value measure_compiled_in() {
  auto all = [] {
    std::vector<std::unique_ptr<ModelReader>> readers;
    for (const EmbeddedModel& model : embedded_models()) {
      readers.push_back(std::make_unique<ModelReader>(model.packed));
      readers.back()->operation(readers.back()->operation_names().front());
    }
    return readers;
  };
  return Object{{"compiled_in", static_cast<std::int64_t>(embedded_models().size())},
                {"load_and_operation_ms", median_milliseconds(all)},
                {"bytes", heap_bytes(all)}};
}

} // namespace
} // namespace iasql::aws

int main(int count, char** arguments) {
  if (count < 2 || count % 2 != 0) {
    std::cerr << "usage: model_loading ARCHIVE [SERVICE OPERATION]...\n";
    return 64;
  }
  std::cout << iasql::write_json(iasql::aws::measure_compiled_in()) << "\n";
  for (int i = 2; i < count; i += 2)
    std::cout << iasql::write_json(iasql::aws::measure(arguments[1], arguments[i], arguments[i + 1])) << "\n";
}
