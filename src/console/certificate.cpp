#include "console/certificate.hpp"

#include "hosting/data_folder.hpp"
#include "hosting/failure.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

namespace iasql::console {

namespace asio = boost::asio;
using hosting::Failure;

namespace {

struct Free {
  void operator()(BIO* memory) const { BIO_free(memory); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using Memory = std::unique_ptr<BIO, Free>;

std::string content_of(const std::string& path) {
  auto content = hosting::read_file(path);
  if (!content) throw Failure("there is no file " + path, {}, hosting::Reason::usage);
  return *content;
}

std::string text_of(const ASN1_TIME* time) {
  const Memory memory(BIO_new(BIO_s_mem()));
  ASN1_TIME_print(memory.get(), time);
  char* text = nullptr;
  const auto length = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(length)};
}

// Browsers would refuse it; whoever starts the console can still do something about it.
void require_good_now(const std::string& path, const std::string& content) {
  const Memory memory(BIO_new_mem_buf(content.data(), static_cast<int>(content.size())));
  const std::unique_ptr<X509, Free> certificate(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  if (!certificate) throw Failure(path + " holds no certificate in PEM", {}, hosting::Reason::usage);
  const auto *begin = X509_get0_notBefore(certificate.get()), *end = X509_get0_notAfter(certificate.get());
  if (X509_cmp_current_time(end) < 0)
    throw Failure("the certificate in " + path + " expired on " + text_of(end), "Get another one.");
  if (X509_cmp_current_time(begin) > 0)
    throw Failure("the certificate in " + path + " is not good before " + text_of(begin),
                  "Is this machine's clock right?");
}

} // namespace

asio::ssl::context tls_of(const std::string& certificate_file, const std::string& key_file) {
  const auto certificate = content_of(certificate_file), key = content_of(key_file);
  require_good_now(certificate_file, certificate);
  asio::ssl::context tls(asio::ssl::context::tls_server);
  tls.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                  asio::ssl::context::no_tlsv1_1);
  // Nobody is there to type a passphrase: without this OpenSSL would ask the terminal.
  tls.set_password_callback([](std::size_t, asio::ssl::context::password_purpose) { return std::string(); });
  boost::system::error_code error;
  tls.use_certificate_chain(asio::buffer(certificate), error);
  if (error) throw Failure("cannot use the certificate in " + certificate_file + ": " + error.message());
  tls.use_private_key(asio::buffer(key), asio::ssl::context::pem, error);
  if (!error) return tls;
  if (ERR_GET_LIB(static_cast<unsigned long>(error.value())) == ERR_LIB_X509)
    throw Failure("the key in " + key_file + " is not that of the certificate in " + certificate_file, {},
                  hosting::Reason::usage);
  throw Failure("cannot use the key in " + key_file + ": " + error.message(),
                "It has to be a private key in PEM, without a passphrase.", hosting::Reason::usage);
}

} // namespace iasql::console
