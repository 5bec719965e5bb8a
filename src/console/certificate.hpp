#pragma once

#include <boost/asio/ssl/context.hpp>

#include <string>

namespace iasql::console {

// TLS 1.2 or newer with that certificate, its chain after it, and its key, both files of PEM. Throws Failure that says
// which of the two files is not what it has to be: one that cannot be read, is no PEM, has a passphrase, is of another
// certificate, has expired or is not good yet.
boost::asio::ssl::context tls_of(const std::string& certificate_file, const std::string& key_file);

} // namespace iasql::console
