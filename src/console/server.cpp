// A listening socket, and a Connection for each client: read a request, have it answered, write the answer, again. The
// sockets live in one thread; answers, which wait for PostgreSQL and AWS, are made in a pool of others. A Connection is
// a template over its stream, TCP or TLS, so that nothing else is written twice.

#include "console/server.hpp"

#include "console/certificate.hpp"
#include "hosting/failure.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include <atomic>
#include <chrono>
#include <optional>

namespace iasql::console {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Tcp = asio::ip::tcp;
using namespace std::chrono_literals;

constexpr auto patience = 15s;         // for a handshake, a whole request, a whole answer, and the next request
constexpr auto answers_patience = 60s; // for writing an answer
constexpr std::uint32_t longest_header = 16 << 10;
constexpr std::uint64_t longest_body = 256 << 10;
constexpr int most_connections = 200;
constexpr std::size_t answering_threads = 12;

std::string lower_case(std::string_view text) {
  std::string result(text);
  for (auto& character : result)
    if (character >= 'A' && character <= 'Z') character = static_cast<char>(character - 'A' + 'a');
  return result;
}

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

std::optional<Request> read_request(const http::request<http::string_body>& message, const std::string& address) {
  Request request;
  request.method = view(message.method_string());
  const auto path = decode_path(view(message.target()));
  if (!path) return std::nullopt;
  request.path = *path;
  for (const auto& field : message) {
    auto& value = request.headers[lower_case(view(field.name_string()))];
    if (!value.empty()) value += ", ";
    value += view(field.value());
  }
  request.body = message.body();
  request.address = address;
  return request;
}

// Counts the connections that are open.
class Place {
public:
  explicit Place(std::atomic<int>& count) : m_count(count) { ++m_count; }
  ~Place() { --m_count; }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

private:
  std::atomic<int>& m_count;
};

struct Shared {
  const Server::Answer& answer;
  const Server::Finish& finish;
  asio::thread_pool& pool;
  std::atomic<int>& count;
};

template <class Stream>
class Connection : public std::enable_shared_from_this<Connection<Stream>> {
public:
  // `read` is what was read of the stream already.
  Connection(Stream stream, beast::flat_buffer read, Shared shared, std::string address)
      : m_stream(std::move(stream)), m_shared(shared), m_address(std::move(address)), m_place(shared.count),
        m_buffer(std::move(read)) {}

  void start() {
    if constexpr (is_tls) {
      beast::get_lowest_layer(m_stream).expires_after(patience);
      m_stream.async_handshake(asio::ssl::stream_base::server, m_buffer.data(),
                               [self = this->shared_from_this()](beast::error_code error, std::size_t used) {
                                 self->m_buffer.consume(used);
                                 if (!error) self->read();
                               });
    } else {
      read();
    }
  }

private:
  static constexpr bool is_tls = !std::is_same_v<Stream, beast::tcp_stream>;

  void read() {
    m_parser.emplace();
    m_parser->header_limit(longest_header);
    m_parser->body_limit(longest_body);
    beast::get_lowest_layer(m_stream).expires_after(patience);
    http::async_read(
        m_stream, m_buffer, *m_parser,
        [self = this->shared_from_this()](beast::error_code error, std::size_t) { self->have_read(error); });
  }

  void have_read(beast::error_code error) {
    if (error == http::error::end_of_stream) return close();
    if (error == http::error::body_limit || error == http::error::header_limit) {
      m_keep_alive = false;
      return write(error_response(413, "the request is too long"));
    }
    if (error.category() == make_error_code(http::error::bad_method).category()) {
      m_keep_alive = false;
      return write(error_response(400, "this is no HTTP request"));
    }
    if (error) return; // the client has gone, or was too slow
    const auto message = m_parser->release();
    m_keep_alive = message.keep_alive();
    auto request = read_request(message, m_address);
    if (!request) return write(error_response(400, "this path cannot be read"));
    beast::get_lowest_layer(m_stream).expires_never();
    asio::post(m_shared.pool, [self = this->shared_from_this(), request = std::move(*request)] {
      auto response = self->m_shared.answer(request);
      asio::post(self->m_stream.get_executor(),
                 [self, response = std::move(response)]() mutable { self->write(std::move(response)); });
    });
  }

  void write(Response response) {
    m_shared.finish(response);
    m_message = {};
    m_message.result(static_cast<unsigned>(response.status));
    m_message.version(11);
    m_message.set(http::field::content_type, response.content_type);
    for (const auto& [name, value] : response.headers)
      m_message.insert(name, value);
    m_message.body() = std::move(response.body);
    m_message.keep_alive(m_keep_alive);
    m_message.prepare_payload();
    beast::get_lowest_layer(m_stream).expires_after(answers_patience);
    http::async_write(m_stream, m_message, [self = this->shared_from_this()](beast::error_code error, std::size_t) {
      if (error) return;
      self->m_keep_alive ? self->read() : self->close();
    });
  }

  void close() {
    if constexpr (is_tls) {
      beast::get_lowest_layer(m_stream).expires_after(patience);
      m_stream.async_shutdown([self = this->shared_from_this()](beast::error_code) {});
    } else {
      beast::error_code ignored;
      m_stream.socket().shutdown(Tcp::socket::shutdown_send, ignored);
    }
  }

  Stream m_stream;
  Shared m_shared;
  const std::string m_address;
  const Place m_place;
  beast::flat_buffer m_buffer;
  std::optional<http::request_parser<http::string_body>> m_parser;
  http::response<http::string_body> m_message;
  bool m_keep_alive = false;
};

// What comes to a port with TLS: a handshake, or somebody who typed http://, who is told so.
class Arrival : public std::enable_shared_from_this<Arrival> {
public:
  Arrival(beast::tcp_stream stream, asio::ssl::context& tls, Shared shared, std::string address)
      : m_stream(std::move(stream)), m_tls(tls), m_shared(shared), m_address(std::move(address)),
        m_place(shared.count) {}

  void start() {
    m_stream.expires_after(patience);
    beast::async_detect_ssl(m_stream, m_buffer,
                            [self = shared_from_this()](beast::error_code error, bool is_handshake) {
                              if (error) return;
                              is_handshake ? self->shake_hands() : self->refuse();
                            });
  }

private:
  void shake_hands() {
    using Stream = beast::ssl_stream<beast::tcp_stream>;
    std::make_shared<Connection<Stream>>(Stream(std::move(m_stream), m_tls), std::move(m_buffer), m_shared, m_address)
        ->start();
  }

  void refuse() {
    static const Server::Answer https_only = [](const Request&) {
      return error_response(400, "this port takes HTTPS only", "The address begins with https://");
    };
    const Shared shared{https_only, m_shared.finish, m_shared.pool, m_shared.count};
    std::make_shared<Connection<beast::tcp_stream>>(std::move(m_stream), std::move(m_buffer), shared, m_address)
        ->start();
  }

  beast::tcp_stream m_stream;
  asio::ssl::context& m_tls;
  const Shared m_shared;
  const std::string m_address;
  const Place m_place;
  beast::flat_buffer m_buffer;
};

} // namespace

struct Server::Parts {
  asio::io_context context{1};
  std::optional<asio::ssl::context> tls;
  Tcp::acceptor acceptor{context};
  asio::thread_pool pool{answering_threads};
  Answer answer;
  Finish finish;
  std::atomic<int> connections = 0;

  void accept() {
    acceptor.async_accept([this](beast::error_code error, Tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      // One too many is closed at once.
      if (!error && connections < most_connections) serve(std::move(socket));
      accept();
    });
  }

  void serve(Tcp::socket socket) {
    beast::error_code error;
    const auto peer = socket.remote_endpoint(error);
    if (error) return; // gone already
    socket.set_option(Tcp::no_delay(true), error);
    const auto address = peer.address().to_string();
    const Shared shared{answer, finish, pool, connections};
    beast::tcp_stream stream(std::move(socket));
    if (tls)
      std::make_shared<Arrival>(std::move(stream), *tls, shared, address)->start();
    else
      std::make_shared<Connection<beast::tcp_stream>>(std::move(stream), beast::flat_buffer(), shared, address)
          ->start();
  }
};

Server::Server(const Listen& listen) : m_parts(std::make_unique<Parts>()) {
  beast::error_code error;
  const auto address = asio::ip::make_address(listen.address, error);
  if (error) throw hosting::Failure(listen.address + " is no IP address", {}, hosting::Reason::usage);
  if (listen.certificate_file.empty() && !address.is_loopback())
    throw hosting::Failure("beyond this machine the console is served with TLS only",
                           "Give --certificate and --certificate-key, or listen on 127.0.0.1.", hosting::Reason::usage);
  if (!listen.certificate_file.empty()) {
    m_parts->tls.emplace(tls_of(listen.certificate_file, listen.key_file));
  }
  auto& acceptor = m_parts->acceptor;
  try {
    const Tcp::endpoint endpoint(address, static_cast<unsigned short>(listen.port));
    acceptor.open(endpoint.protocol());
    acceptor.set_option(Tcp::acceptor::reuse_address(true));
    acceptor.bind(endpoint);
    acceptor.listen();
  } catch (const boost::system::system_error& problem) {
    throw hosting::Failure("cannot listen on " + listen.address + " port " + std::to_string(listen.port) + ": " +
                           problem.code().message());
  }
}

Server::~Server() = default;

int Server::port() const {
  return m_parts->acceptor.local_endpoint().port();
}

void Server::run(Answer answer, Finish finish) {
  m_parts->answer = std::move(answer);
  m_parts->finish = std::move(finish);
  m_parts->accept();
  m_parts->context.run();
  m_parts->pool.join();
}

void Server::stop() {
  m_parts->context.stop();
}

} // namespace iasql::console
