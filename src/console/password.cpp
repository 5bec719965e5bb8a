#include "console/password.hpp"

#include "base/error.hpp"

#include <sodium.h>

#include <array>
#include <mutex>
#include <string_view>

namespace iasql::console {

namespace {

constexpr unsigned long long passes = 2;
constexpr std::size_t memory = std::size_t{64} << 20;
static_assert(memory >= crypto_pwhash_argon2id_MEMLIMIT_MIN && passes >= crypto_pwhash_argon2id_OPSLIMIT_MIN);

// One at a time: a hundred logins at once must not take 6 GiB.
std::mutex one_at_a_time;

} // namespace

std::string random_password() {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string password;
  for (int i = 0; i < 24; ++i)
    password += alphabet[randombytes_uniform(static_cast<std::uint32_t>(alphabet.size()))];
  return password;
}

std::string password_hash(const std::string& password) {
  const std::lock_guard lock(one_at_a_time);
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  if (crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), passes, memory,
                            crypto_pwhash_ALG_ARGON2ID13) != 0)
    throw Error(sqlstate::internal_error, "there is not enough memory to hash a password");
  return hash.data();
}

bool is_password(const std::string& password, const std::string& hash) {
  static const std::string nobody = password_hash(random_password());
  const std::lock_guard lock(one_at_a_time);
  const auto& against = hash.empty() ? nobody : hash;
  const bool same = crypto_pwhash_str_verify(against.c_str(), password.data(), password.size()) == 0;
  return same && !hash.empty();
}

} // namespace iasql::console
