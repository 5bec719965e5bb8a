// What a server proves of itself with its certificate, and what is known of a request when it proves too little. The
// certificates are made here; libcurl is given their authority in place of the system's.

#include "net/http.hpp"
#include "net/test_server.hpp"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <csignal>
#include <functional>
#include <memory>

namespace {

X509* trusted_authority = nullptr; // while a test runs that has one

} // namespace

// The program's own definition is what libcurl calls for the system's authorities.
extern "C" __attribute__((visibility("default"))) int X509_STORE_load_file(X509_STORE* store, const char* file) {
  if (trusted_authority) return X509_STORE_add_cert(store, trusted_authority);
  static const auto original =
      reinterpret_cast<int (*)(X509_STORE*, const char*)>(dlsym(RTLD_NEXT, "X509_STORE_load_file"));
  return original(store, file);
}

namespace iasql::net {
namespace {

using Sent = TransportError::Sent;

template <auto free>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Context = std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>>;
using Session = std::unique_ptr<SSL, Free<SSL_free>>;

struct Identity {
  Key key;
  Certificate certificate;
};

struct Validity {
  long from = -86'400, to = 86'400; // seconds from now
};

void add_extension(X509* certificate, int which, const std::string& value) {
  std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, which, value.c_str()));
  X509_add_ext(certificate, extension.get(), -1);
}

// `issuer` signs it; nullptr: it signs itself.
Identity make_identity(const std::string& name, const std::string& alternative_name, const Identity* issuer,
                       Validity validity = {}) {
  Identity made{Key(EVP_EC_gen("P-256")), Certificate(X509_new())};
  X509* certificate = made.certificate.get();
  static long serial = 0;
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), validity.from);
  X509_gmtime_adj(X509_getm_notAfter(certificate), validity.to);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer ? issuer->certificate.get() : certificate));
  X509_set_pubkey(certificate, made.key.get());
  if (alternative_name.empty())
    add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
  else
    add_extension(certificate, NID_subject_alt_name, alternative_name);
  X509_sign(certificate, issuer ? issuer->key.get() : made.key.get(), EVP_sha256());
  return made;
}

// A server that reads requests over TLS and does what a test says with them.
class TlsServer {
public:
  using Serve = std::function<void(SSL*, int request)>;

  TlsServer(const Identity& identity, Serve serve)
      : m_context(SSL_CTX_new(TLS_server_method())), m_serve(std::move(serve)),
        m_server([this](TestServer::Connection& connection, int) { run(connection.socket()); }) {
    SSL_CTX_use_certificate(m_context.get(), identity.certificate.get());
    SSL_CTX_use_PrivateKey(m_context.get(), identity.key.get());
  }

  std::string url() const { return "https" + m_server.url().substr(4); }
  int requests() const { return m_requests; }

private:
  void run(int socket) {
    // A client that has left must not end the tests: the signal of writing to it is left pending in this thread.
    sigset_t broken_pipe;
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
    Session session(SSL_new(m_context.get()));
    SSL_set_fd(session.get(), socket);
    if (SSL_accept(session.get()) != 1) return;
    for (char buffer[4096]; SSL_read(session.get(), buffer, sizeof buffer) > 0;)
      m_serve(session.get(), m_requests++);
  }

  Context m_context;
  Serve m_serve;
  std::atomic<int> m_requests{0};
  TestServer m_server; // the last: it ends first
};

void answer(SSL* session, int) {
  constexpr std::string_view text = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  SSL_write(session, text.data(), static_cast<int>(text.size()));
}

struct TlsTest : testing::Test {
  TlsTest() { trusted_authority = authority.certificate.get(); }
  ~TlsTest() override { trusted_authority = nullptr; }

  HttpResponse get(const std::string& url) { return loop.run(http->send({"GET", url, {}, ""}, {})); }

  // What was sent in a request that must not succeed.
  Sent sent_in_failure(const std::string& url) {
    try {
      ADD_FAILURE() << "answered with status " << get(url).status;
    } catch (const TransportError& error) {
      return error.sent();
    }
    return Sent::maybe;
  }

  Identity authority = make_identity("an authority", "", nullptr);
  Loop loop{polling_waiter()};
  std::unique_ptr<Http> http = make_curl_http(loop);
};

} // namespace

TEST_F(TlsTest, AServerThatProvesItsNameIsAsked) {
  TlsServer server(make_identity("server", "IP:127.0.0.1", &authority), answer);
  EXPECT_EQ(get(server.url()).body, "ok");
  EXPECT_EQ(server.requests(), 1);
}

TEST_F(TlsTest, NothingIsSentToAServerThatDoesNot) {
  const Identity stranger = make_identity("another authority", "", nullptr);
  const Validity is_over{-172'800, -86'400}, is_to_come{86'400, 172'800};
  struct Case {
    const char* what;
    Identity identity;
  };
  Case cases[] = {
      {"signed by itself", make_identity("server", "IP:127.0.0.1", nullptr)},
      {"of an authority that nobody trusts", make_identity("server", "IP:127.0.0.1", &stranger)},
      {"for another address", make_identity("127.0.0.1", "IP:127.0.0.2", &authority)},
      {"for a name", make_identity("127.0.0.1", "DNS:ec2.eu-west-2.amazonaws.com", &authority)},
      {"that has expired", make_identity("server", "IP:127.0.0.1", &authority, is_over)},
      {"that is not valid yet", make_identity("server", "IP:127.0.0.1", &authority, is_to_come)},
  };
  for (const auto& [what, identity] : cases) {
    TlsServer server(identity, answer);
    EXPECT_EQ(sent_in_failure(server.url()), Sent::nothing) << what;
    EXPECT_EQ(server.requests(), 0) << what;
  }
}

TEST_F(TlsTest, WhatWasSentAndNotAnsweredStaysOpen) {
  const Identity identity = make_identity("server", "IP:127.0.0.1", &authority);
  TlsServer silent(identity, [](SSL* session, int) { shutdown(SSL_get_fd(session), SHUT_RDWR); });
  EXPECT_EQ(sent_in_failure(silent.url()), Sent::maybe);
  EXPECT_EQ(silent.requests(), 1);

  // Nor is a request on a reused connection repeated behind the caller's back.
  TlsServer once(identity, [](SSL* session, int request) {
    if (request == 0)
      answer(session, request);
    else
      shutdown(SSL_get_fd(session), SHUT_RDWR);
  });
  EXPECT_EQ(get(once.url()).body, "ok");
  EXPECT_EQ(sent_in_failure(once.url()), Sent::maybe);
  EXPECT_EQ(once.requests(), 2);
}

} // namespace iasql::net
