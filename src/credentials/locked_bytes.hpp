#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

namespace iasql::credentials {

// Bytes of a secret: in memory that is locked against swapping, left out of core files where the system can do that,
// and wiped when the value is destroyed.
class LockedBytes {
public:
  LockedBytes() = default;
  // `size` zero bytes. Throws std::bad_alloc.
  explicit LockedBytes(std::size_t size);
  explicit LockedBytes(std::string_view content);
  LockedBytes(LockedBytes&&) noexcept = default;
  LockedBytes& operator=(LockedBytes&&) noexcept = default;

  unsigned char* data() { return m_data.get(); }
  const unsigned char* data() const { return m_data.get(); }
  std::size_t size() const { return m_size; }
  // Valid as long as this value.
  std::string_view view() const { return {reinterpret_cast<const char*>(m_data.get()), m_size}; }

private:
  struct Wipe {
    void operator()(unsigned char* data) const;
  };
  std::unique_ptr<unsigned char, Wipe> m_data;
  std::size_t m_size = 0;
};

} // namespace iasql::credentials
