#include "extension/build_id.hpp"

#include <elf.h>
#include <link.h>

#include <cstring>

namespace iasql::extension {

namespace {

std::string in_notes(const char* at, std::size_t size) {
  const char* const end = at + size;
  const auto padded = [](std::size_t length) { return (length + 3) & ~std::size_t{3}; };
  while (static_cast<std::size_t>(end - at) >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) note;
    std::memcpy(&note, at, sizeof note);
    const char* const name = at + sizeof note;
    const char* const content = name + padded(note.n_namesz);
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && std::memcmp(name, "GNU", 4) == 0) {
      std::string digits;
      for (std::size_t index = 0; index < note.n_descsz; ++index) {
        const auto byte = static_cast<unsigned char>(content[index]);
        digits += "0123456789abcdef"[byte >> 4];
        digits += "0123456789abcdef"[byte & 15];
      }
      return digits;
    }
    at = content + padded(note.n_descsz);
  }
  return {};
}

// Whether `object` is the library that holds build_id() itself; if so takes its note.
int visit(dl_phdr_info* object, std::size_t, void* result) {
  const auto here = reinterpret_cast<ElfW(Addr)>(&build_id);
  const auto* const headers = object->dlpi_phdr;
  bool ours = false;
  for (int index = 0; index < object->dlpi_phnum; ++index) {
    const ElfW(Addr) start = object->dlpi_addr + headers[index].p_vaddr;
    ours |= headers[index].p_type == PT_LOAD && here >= start && here < start + headers[index].p_memsz;
  }
  if (!ours) return 0;
  auto& found = *static_cast<std::string*>(result);
  for (int index = 0; index < object->dlpi_phnum && found.empty(); ++index)
    if (headers[index].p_type == PT_NOTE)
      found =
          in_notes(reinterpret_cast<const char*>(object->dlpi_addr + headers[index].p_vaddr), headers[index].p_memsz);
  return 1;
}

} // namespace

std::string build_id() {
  std::string result;
  dl_iterate_phdr(visit, &result);
  return result;
}

} // namespace iasql::extension
