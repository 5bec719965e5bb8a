#include "base/error.hpp"
#include "credentials/sealed.hpp"

#include <gtest/gtest.h>

namespace iasql::credentials {
namespace {

const Destination here{7'123'456'789'012'345'678u, 16'384, "123456789012"};
constexpr std::string_view secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

AccessKey access_key() {
  return {"AKIAIOSFODNN7EXAMPLE", LockedBytes(secret), LockedBytes(std::string_view("token"))};
}

template <typename... Pairs>
SecretKeys keys_of(const Pairs&... pairs) {
  SecretKeys keys;
  (keys.emplace_back(pairs.secret_key.view()), ...);
  return keys;
}

std::string refusal(const KeyPair& pair, const Destination& destination, std::string_view sealed) {
  try {
    open(keys_of(pair), destination, sealed);
  } catch (const Error& error) {
    EXPECT_EQ(error.sqlstate(), sqlstate::not_connected);
    return error.what();
  }
  return "opened";
}

std::string secret_of(const Secret& opened) {
  return std::string(std::get<AccessKey>(opened).secret_access_key.view());
}

TEST(Sealed, RoleInPlaceOfAKey) {
  auto pair = generate_key_pair();
  const AccountRole role{"arn:aws:iam::123456789012:role/iasql", "iasql-0123456789"};
  const auto opened = std::get<AccountRole>(open(keys_of(pair), here, seal(pair.public_key, here, role)));
  EXPECT_EQ(opened.arn, role.arn);
  EXPECT_EQ(opened.external_id, role.external_id);
}

TEST(Sealed, OpensForItsDestination) {
  auto pair = generate_key_pair();
  auto opened = std::get<AccessKey>(open(keys_of(pair), here, seal(pair.public_key, here, access_key())));
  EXPECT_EQ(opened.access_key_id, "AKIAIOSFODNN7EXAMPLE");
  EXPECT_EQ(opened.secret_access_key.view(), secret);
  EXPECT_EQ(opened.session_token.view(), "token");
}

TEST(Sealed, LongLivedKeyHasNoSessionToken) {
  auto pair = generate_key_pair();
  AccessKey key{"AKIAIOSFODNN7EXAMPLE", LockedBytes(secret), {}};
  const auto opened = std::get<AccessKey>(open(keys_of(pair), here, seal(pair.public_key, here, std::move(key))));
  EXPECT_EQ(opened.session_token.size(), 0u);
}

TEST(Sealed, ShowsNothingAndDiffersEachTime) {
  auto pair = generate_key_pair();
  auto first = seal(pair.public_key, here, access_key());
  EXPECT_NE(first, seal(pair.public_key, here, access_key()));
  EXPECT_EQ(first.find(secret), std::string::npos);
  EXPECT_EQ(first.find("AKIA"), std::string::npos);
}

TEST(Sealed, RefusesAnotherDestination) {
  auto pair = generate_key_pair();
  auto sealed = seal(pair.public_key, here, access_key());
  auto other_cluster = here, other_database = here, other_account = here;
  other_cluster.system_identifier++;
  other_database.database++;
  other_account.account_id = "210987654321";
  for (const auto& elsewhere : {other_cluster, other_database, other_account})
    EXPECT_EQ(refusal(pair, elsewhere, sealed), "the stored AWS key was not sealed for this database and account");
}

// With one envelope's wrapping around another's inside, too, each of the two opens nowhere.
TEST(Sealed, PartsOfTwoEnvelopesAreNone) {
  auto pair = generate_key_pair();
  auto there = here;
  there.database++;
  auto ours = seal(pair.public_key, here, access_key()), theirs = seal(pair.public_key, there, access_key());
  ASSERT_EQ(ours.size(), theirs.size());
  for (std::size_t cut = 1; cut < ours.size(); ++cut) {
    auto mixed = ours.substr(0, cut) + theirs.substr(cut);
    if (mixed == ours || mixed == theirs) continue; // the bytes on one side of the cut happen to be the same
    ASSERT_NE(refusal(pair, here, mixed), "opened") << cut;
    ASSERT_NE(refusal(pair, there, mixed), "opened") << cut;
  }
}

TEST(Sealed, RefusesAnotherKeyAndEveryDamage) {
  auto pair = generate_key_pair();
  auto sealed = seal(pair.public_key, here, access_key());
  EXPECT_EQ(refusal(generate_key_pair(), here, sealed), "the stored AWS key cannot be opened with this server's key");
  for (std::size_t size = 0; size < sealed.size(); ++size)
    ASSERT_NE(refusal(pair, here, std::string_view(sealed).substr(0, size)), "opened") << size;
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    auto damaged = sealed;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    ASSERT_NE(refusal(pair, here, damaged), "opened") << at;
  }
}

// A rotation of the outer key stops halfway through a thousand databases, and is then finished.
TEST(Sealed, OpensAtEveryMomentOfARotation) {
  auto former = generate_key_pair(), current = generate_key_pair();
  const auto both = keys_of(current, former);
  std::vector<Destination> destinations;
  std::vector<std::string> envelopes;
  for (std::uint32_t database = 0; database < 1000; ++database) {
    destinations.push_back({here.system_identifier, 16'384 + database, here.account_id});
    envelopes.push_back(seal(former.public_key, destinations.back(), access_key()));
  }
  auto wrap_up_to = [&](std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      if (auto wrapped = wrap_again(both, envelopes[i])) envelopes[i] = *wrapped;
  };
  wrap_up_to(500);
  for (std::size_t i = 0; i < envelopes.size(); ++i) {
    ASSERT_EQ(secret_of(open(both, destinations[i], envelopes[i])), secret) << i;
    ASSERT_EQ(refusal(former, destinations[i], envelopes[i]) == "opened", i >= 500) << i;
  }
  wrap_up_to(1000);
  for (std::size_t i = 0; i < envelopes.size(); ++i) {
    ASSERT_EQ(secret_of(open(keys_of(current), destinations[i], envelopes[i])), secret) << i;
    ASSERT_NE(refusal(current, destinations[(i + 1) % 1000], envelopes[i]), "opened") << "swapped";
    ASSERT_FALSE(wrap_again(both, envelopes[i])) << "it is already";
  }
}

TEST(Sealed, PublicHalfBelongsToItsSecretHalf) {
  auto pair = generate_key_pair();
  EXPECT_EQ(public_half(pair.secret_key), pair.public_key);
  EXPECT_THROW(public_half(LockedBytes(std::size_t(31))), Error);
}

} // namespace
} // namespace iasql::credentials
