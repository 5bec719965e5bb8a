#include "credentials/locked_bytes.hpp"

#include <sodium.h>

#include <cstring>
#include <new>

namespace iasql::credentials {

LockedBytes::LockedBytes(std::size_t size) : m_size(size) {
  if (sodium_init() < 0) throw std::bad_alloc();
  m_data.reset(static_cast<unsigned char*>(sodium_malloc(size)));
  if (!m_data) throw std::bad_alloc();
  std::memset(m_data.get(), 0, size);
}

LockedBytes::LockedBytes(std::string_view content) : LockedBytes(content.size()) {
  std::memcpy(m_data.get(), content.data(), content.size());
}

void LockedBytes::Wipe::operator()(unsigned char* data) const {
  sodium_free(data);
}

} // namespace iasql::credentials
