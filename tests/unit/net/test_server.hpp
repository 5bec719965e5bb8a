#pragma once

// A tiny HTTP server on loopback for tests: each connection is served by a function of the test's in a thread of its
// own, which may answer well, badly or not at all.

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>

namespace iasql::net {

class TestServer {
public:
  class Connection {
  public:
    explicit Connection(int socket) : m_socket(socket) {}

    // One request with its body as Content-Length says; "" once the client has gone.
    std::string read_request() {
      std::size_t head;
      while ((head = m_received.find("\r\n\r\n")) == std::string::npos)
        if (!receive()) return {};
      head += 4;
      std::size_t length = 0;
      auto field = m_received.find("Content-Length: ");
      if (field < head) length = std::stoul(m_received.substr(field + 16));
      while (m_received.size() < head + length)
        if (!receive()) return {};
      auto request = m_received.substr(0, head + length);
      m_received.erase(0, head + length);
      return request;
    }

    // Whether the client still takes it.
    bool write(const std::string& text) {
      std::size_t done = 0;
      while (done < text.size()) {
        auto count = ::send(m_socket, text.data() + done, text.size() - done, MSG_NOSIGNAL);
        if (count <= 0) return false;
        done += static_cast<std::size_t>(count);
      }
      return true;
    }
    bool answer(const std::string& body, const std::string& status = "200 OK", const std::string& headers = {}) {
      return write("HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers +
                   "\r\n" + body);
    }

    // Closing it will send RST instead of FIN.
    void reset_on_close() {
      linger at_once{1, 0};
      setsockopt(m_socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }

    int socket() const { return m_socket; }

    void wait_until_client_leaves() {
      while (receive())
        m_received.clear();
    }

  private:
    bool receive() {
      char buffer[65536];
      auto count = recv(m_socket, buffer, sizeof buffer, 0);
      if (count <= 0) return false;
      m_received.append(buffer, static_cast<std::size_t>(count));
      return true;
    }

    int m_socket;
    std::string m_received;
  };

  // `serve` gets the connection and its number, from 0.
  explicit TestServer(std::function<void(Connection&, int number)> serve) : m_serve(std::move(serve)) {
    m_listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bind(m_listener, reinterpret_cast<sockaddr*>(&address), size);
    listen(m_listener, 64);
    getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &size);
    m_port = ntohs(address.sin_port);
    m_accepting = std::thread([this] { accept_connections(); });
  }

  ~TestServer() {
    shutdown(m_listener, SHUT_RDWR);
    m_accepting.join();
    {
      std::lock_guard lock(m_mutex);
      for (auto& served : m_served)
        shutdown(served.socket, SHUT_RDWR);
    }
    for (auto& served : m_served) {
      served.thread.join();
      close(served.socket);
    }
    close(m_listener);
  }

  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  std::string url(const std::string& path = "/") const { return "http://127.0.0.1:" + std::to_string(m_port) + path; }
  int connections() const { return m_connections; }
  // Waits until that many connections were closed by the server.
  void wait_until_closed(int count) {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return m_closed >= count; });
  }

private:
  struct Served {
    int socket;
    std::thread thread;
  };

  void accept_connections() {
    for (;;) {
      int socket = accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
      if (socket < 0) return;
      int number = m_connections++;
      std::lock_guard lock(m_mutex);
      auto& served = m_served.emplace_back();
      served.socket = socket;
      served.thread = std::thread([this, socket, number, &served] {
        Connection connection(socket);
        m_serve(connection, number);
        end(served);
      });
    }
  }

  // Closes the connection for the client at once; the number stays taken until the server is destroyed.
  void end(Served& served) {
    std::lock_guard lock(m_mutex);
    int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2(nothing, served.socket);
    close(nothing);
    ++m_closed;
    m_changed.notify_all();
  }

  std::function<void(Connection&, int)> m_serve;
  int m_listener;
  int m_port;
  std::thread m_accepting;
  std::mutex m_mutex;
  std::condition_variable m_changed;
  int m_closed = 0;
  std::list<Served> m_served;
  std::atomic<int> m_connections{0};
};

} // namespace iasql::net
