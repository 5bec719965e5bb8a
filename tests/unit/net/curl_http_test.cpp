#include "base/error.hpp"
#include "net/http.hpp"
#include "net/test_server.hpp"

#include <dirent.h>
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <netdb.h>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

namespace {

// Name resolutions of "hang.invalid" wait for the end of the test, as those of a dead name server would.
struct HangingNames {
  std::mutex mutex;
  std::condition_variable changed;
  bool released = false;
  int waiting = 0;
  std::string blocked_signals; // the resolver thread's, from /proc
};
HangingNames hanging_names;

std::string blocked_signals_of_this_thread() {
  std::ifstream status("/proc/thread-self/status");
  for (std::string line; std::getline(status, line);)
    if (line.rfind("SigBlk:", 0) == 0) return line.substr(line.find_first_not_of(" \t", 7));
  return {};
}

} // namespace

// The program's own definition is what libcurl's resolver thread calls.
extern "C" __attribute__((visibility("default"))) int getaddrinfo(const char* node, const char* service,
                                                                  const addrinfo* hints, addrinfo** result) {
  if (node && std::string(node) == "hang.invalid") {
    std::unique_lock lock(hanging_names.mutex);
    hanging_names.blocked_signals = blocked_signals_of_this_thread();
    ++hanging_names.waiting;
    hanging_names.changed.notify_all();
    hanging_names.changed.wait(lock, [] { return hanging_names.released; });
    --hanging_names.waiting;
    hanging_names.changed.notify_all();
    return EAI_FAIL;
  }
  using Function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  static const auto original = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "getaddrinfo"));
  return original(node, service, hints, result);
}

namespace iasql::net {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;
using Sent = TransportError::Sent;
using Connection = TestServer::Connection;

struct CurlHttpTest : testing::Test {
  HttpResponse send(HttpRequest request, HttpLimits limits = {}) {
    return loop.run(http->send(std::move(request), limits));
  }
  HttpResponse get(const std::string& url, HttpLimits limits = {}) { return send({"GET", url, {}, ""}, limits); }

  // What went wrong, for a request that must not succeed.
  TransportError failure(HttpRequest request, HttpLimits limits = {}) {
    try {
      auto response = send(std::move(request), limits);
      ADD_FAILURE() << "answered with status " << response.status;
    } catch (const TransportError& error) {
      return error;
    }
    return TransportError(Sent::maybe, "none");
  }

  Loop loop{polling_waiter()};
  std::unique_ptr<Http> http = make_curl_http(loop);
};

HttpRequest post(const std::string& url, const std::string& body = "x=1") {
  return {"POST", url, {}, body};
}

// A port nobody listens on: bound, so that nobody else gets it, but not listening.
struct ClosedPort {
  ClosedPort() {
    descriptor = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bind(descriptor, reinterpret_cast<sockaddr*>(&address), size);
    getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
    url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/";
  }
  ~ClosedPort() { close(descriptor); }
  int descriptor;
  std::string url;
};

std::set<std::string> open_descriptors() {
  std::set<std::string> found;
  DIR* directory = opendir("/proc/self/fd");
  while (auto entry = readdir(directory))
    found.insert(entry->d_name);
  closedir(directory);
  return found;
}

TEST_F(CurlHttpTest, SendsExactlyWhatItIsGiven) {
  std::string seen;
  TestServer server([&](Connection& connection, int) {
    seen = connection.read_request();
    connection.answer("");
  });
  HttpRequest request{"POST", server.url("/a/../b//c?x=%20"), {{"X-One", "1"}, {"X-Empty", ""}}, "body"};
  EXPECT_EQ(send(request).status, 200);
  std::string host = server.url("").substr(7);
  EXPECT_EQ(seen, "POST /a/../b//c?x=%20 HTTP/1.1\r\nHost: " + host + "\r\nX-One: 1\r\nX-Empty:\r\nContent-Length: 4" +
                      "\r\n\r\nbody");
}

TEST_F(CurlHttpTest, KnowsEveryMethod) {
  std::vector<std::string> seen;
  TestServer server([&](Connection& connection, int) {
    for (std::string request; !(request = connection.read_request()).empty();) {
      seen.push_back(request.substr(0, request.find(' ')) + " " + request.substr(request.find("\r\n\r\n") + 4));
      connection.answer(request.rfind("HEAD", 0) == 0 ? "" : "ok");
    }
  });
  for (std::string method : {"GET", "POST", "PUT", "DELETE", "HEAD", "PATCH"})
    EXPECT_EQ(send({method, server.url(), {}, method == "PUT" ? "put" : ""}).status, 200) << method;
  EXPECT_EQ(seen, (std::vector<std::string>{"GET ", "POST ", "PUT put", "DELETE ", "HEAD ", "PATCH "}));
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(CurlHttpTest, ReturnsStatusHeadersAndBody) {
  TestServer server([](Connection& connection, int) {
    connection.read_request();
    connection.write("HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\n");
    connection.answer("refused", "418 No", "X-Amzn-RequestId:  abc \r\nx-two: 1\r\nX-Two: 2\r\n");
  });
  auto response = send(post(server.url()));
  EXPECT_EQ(response.status, 418);
  EXPECT_EQ(response.body, "refused");
  EXPECT_EQ(response.header("x-amzn-requestid"), "abc");
  EXPECT_EQ(response.header("x-two"), "1");
  EXPECT_EQ(response.header("x-interim"), "");
}

TEST_F(CurlHttpTest, RunsSideBySide) {
  // Nobody is answered before all eight have arrived.
  std::mutex mutex;
  std::condition_variable arrived;
  int count = 0;
  TestServer server([&](Connection& connection, int) {
    connection.read_request();
    std::unique_lock lock(mutex);
    ++count;
    arrived.notify_all();
    arrived.wait(lock, [&] { return count == 8; });
    connection.answer("ok");
  });
  int answers = 0;
  auto one = [](Http& http, std::string url, int& answers) -> task<void> {
    HttpRequest request{"GET", url, {}, ""};
    auto response = co_await http.send(std::move(request), {});
    answers += response.body == "ok";
  };
  loop.run([](Http& http, std::string url, int& answers, auto one) -> task<void> {
    TaskGroup group;
    for (int i = 0; i < 8; ++i)
      group.spawn(one(http, url, answers));
    co_await group.all();
  }(*http, server.url(), answers, one));
  EXPECT_EQ(answers, 8);
}

TEST_F(CurlHttpTest, DoesNotFollowARedirect) {
  TestServer server([&](Connection& connection, int) {
    connection.read_request();
    connection.answer("", "302 Found", "Location: /elsewhere\r\n");
    EXPECT_EQ(connection.read_request(), "");
  });
  EXPECT_EQ(get(server.url()).status, 302);
  http.reset();
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(CurlHttpTest, IgnoresProxiesOfTheEnvironment) {
  TestServer server([](Connection& connection, int) {
    connection.read_request();
    connection.answer("direct");
  });
  ClosedPort proxy;
  setenv("http_proxy", proxy.url.c_str(), 1);
  setenv("ALL_PROXY", proxy.url.c_str(), 1);
  EXPECT_EQ(get(server.url()).body, "direct");
  unsetenv("http_proxy");
  unsetenv("ALL_PROXY");
}

TEST_F(CurlHttpTest, RefusesOtherProtocolsAndControlCharacters) {
  EXPECT_EQ(failure({"GET", "file:///etc/passwd", {}, ""}).sent(), Sent::nothing);
  EXPECT_EQ(failure({"GET", "gopher://127.0.0.1/", {}, ""}).sent(), Sent::nothing);
  EXPECT_EQ(failure({"GET", "http://user@127.0.0.1/", {}, ""}).sent(), Sent::nothing);
  EXPECT_THROW(send({"GET", "http://127.0.0.1/\r\nX: y", {}, ""}), Error);
  EXPECT_THROW(send({"GET", "http://127.0.0.1/", {{"X", "a\nY: b"}}, ""}), Error);
  EXPECT_THROW(send({"GET\r\n", "http://127.0.0.1/", {}, ""}), Error);
}

TEST_F(CurlHttpTest, NothingIsSentWhereNobodyListens) {
  ClosedPort port;
  auto error = failure(post(port.url));
  EXPECT_EQ(error.sent(), Sent::nothing);
  EXPECT_NE(std::string(error.what()).find("connect"), std::string::npos) << error.what();
}

TEST_F(CurlHttpTest, PublicAddressesOnly) {
  int connections = 0;
  TestServer server([&](Connection& connection, int) {
    ++connections;
    connection.answer("");
  });
  http = make_curl_http(loop, Addresses::public_only);
  const std::string port = server.url().substr(server.url().rfind(':'));
  for (const std::string host : {"127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"}) {
    auto error = failure({"GET", "http://" + host + port, {}, ""});
    EXPECT_EQ(error.sent(), Sent::nothing) << host;
  }
  EXPECT_EQ(connections, 0);
}

TEST_F(CurlHttpTest, NothingIsSentWhereTheNameIsUnknown) {
  EXPECT_EQ(failure(post("http://no-such-host.invalid/")).sent(), Sent::nothing);
}

TEST_F(CurlHttpTest, NothingIsSentWhenTlsFails) {
  TestServer server([](Connection& connection, int) { connection.write("this is no TLS record, surely\r\n\r\n"); });
  auto url = server.url();
  EXPECT_EQ(failure(post("https" + url.substr(4))).sent(), Sent::nothing);
}

TEST_F(CurlHttpTest, NothingIsSentWhenTlsHangs) {
  TestServer server([](Connection& connection, int) { connection.wait_until_client_leaves(); });
  auto url = server.url();
  HttpLimits limits;
  limits.connect_timeout = 50ms;
  EXPECT_EQ(failure(post("https" + url.substr(4)), limits).sent(), Sent::nothing);
}

TEST_F(CurlHttpTest, AResetBeforeAnyAnswerLeavesItOpen) {
  TestServer server([](Connection& connection, int) {
    connection.read_request();
    connection.reset_on_close();
  });
  EXPECT_EQ(failure(post(server.url())).sent(), Sent::maybe);
}

TEST_F(CurlHttpTest, ACloseBeforeAnyAnswerLeavesItOpen) {
  TestServer server([](Connection& connection, int) { connection.read_request(); });
  EXPECT_EQ(failure(post(server.url())).sent(), Sent::maybe);
}

TEST_F(CurlHttpTest, ARequestOnAReusedConnectionIsNeverRepeatedBehindTheCallersBack) {
  // libcurl alone would send the second request again on a new connection.
  for (std::string method : {"POST", "GET", "DELETE"}) {
    std::atomic<int> requests{0};
    TestServer server([&](Connection& connection, int number) {
      if (!connection.read_request().empty()) ++requests;
      connection.answer("first");
      if (number == 0 && !connection.read_request().empty()) ++requests;
    });
    EXPECT_EQ(send({method, server.url(), {}, ""}).body, "first");
    EXPECT_EQ(failure({method, server.url(), {}, method == "POST" ? "body" : ""}).sent(), Sent::maybe) << method;
    EXPECT_EQ(requests, 2) << method;
  }
}

TEST_F(CurlHttpTest, AConnectionThatTheServerClosedMeanwhileIsReplaced) {
  TestServer server([&](Connection& connection, int) {
    connection.read_request();
    connection.answer("ok");
  });
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(send(post(server.url())).body, "ok");
    server.wait_until_closed(i + 1);
  }
}

TEST_F(CurlHttpTest, ATruncatedBodyIsAnError) {
  TestServer server([](Connection& connection, int) {
    connection.read_request();
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
  });
  EXPECT_EQ(failure(post(server.url())).sent(), Sent::maybe);
}

TEST_F(CurlHttpTest, TruncatedChunksAreAnError) {
  TestServer server([](Connection& connection, int) {
    connection.read_request();
    connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
  });
  EXPECT_EQ(failure(post(server.url())).sent(), Sent::maybe);
}

TEST_F(CurlHttpTest, WhatIsNotHttpIsAnError) {
  TestServer server([](Connection& connection, int) {
    connection.read_request();
    connection.write("SSH-2.0-OpenSSH_9.2p1\r\n");
  });
  EXPECT_EQ(failure(post(server.url())).sent(), Sent::maybe);
}

TEST_F(CurlHttpTest, AnOversizedBodyIsCutOff) {
  HttpLimits limits;
  limits.body_bytes = 1000;
  for (std::size_t size : {1000u, 1001u, 5'000'000u}) {
    TestServer server([&](Connection& connection, int) {
      connection.read_request();
      connection.answer(std::string(size, 'x'));
    });
    if (size == 1000) {
      EXPECT_EQ(send(post(server.url()), limits).body.size(), size);
    } else {
      auto error = failure(post(server.url()), limits);
      EXPECT_EQ(error.sent(), Sent::maybe);
      EXPECT_STREQ(error.what(), "the answer is larger than allowed");
    }
  }
}

TEST_F(CurlHttpTest, AnEndlessBodyIsCutOff) {
  TestServer server([](Connection& connection, int) {
    connection.read_request();
    connection.write("HTTP/1.1 200 OK\r\n\r\n");
    while (connection.write(std::string(65536, 'x')))
      ;
  });
  HttpLimits limits;
  limits.body_bytes = 1u << 20;
  EXPECT_EQ(failure(post(server.url()), limits).sent(), Sent::maybe);
}

TEST_F(CurlHttpTest, HugeHeadersAreCutOff) {
  TestServer server([](Connection& connection, int) {
    connection.read_request();
    connection.write("HTTP/1.1 200 OK\r\n");
    for (int i = 0; connection.write("X-Header-" + std::to_string(i) + ": " + std::string(1000, 'x') + "\r\n"); ++i)
      ;
  });
  HttpLimits limits;
  limits.header_bytes = 10'000;
  auto error = failure(post(server.url()), limits);
  EXPECT_EQ(error.sent(), Sent::maybe);
  EXPECT_STREQ(error.what(), "the answer's headers are larger than allowed");
}

TEST_F(CurlHttpTest, ASlowAnswerArrivesAndOneTooSlowIsAnError) {
  TestServer server([](Connection& connection, int) {
    connection.read_request();
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n");
    for (int i = 0; i < 6; ++i) {
      std::this_thread::sleep_for(10ms);
      connection.write("x");
    }
  });
  EXPECT_EQ(send(post(server.url())).body, "xxxxxx");
  HttpLimits limits;
  limits.total_timeout = 30ms;
  EXPECT_EQ(failure(post(server.url()), limits).sent(), Sent::maybe);
}

TEST_F(CurlHttpTest, ALargeRequestArrivesWhole) {
  std::string body(3'000'000, 'a');
  std::string seen;
  TestServer server([&](Connection& connection, int) {
    seen = connection.read_request();
    connection.answer("ok");
  });
  EXPECT_EQ(send(post(server.url(), body)).body, "ok");
  EXPECT_EQ(seen.substr(seen.find("\r\n\r\n") + 4), body);
}

TEST_F(CurlHttpTest, NotReachableWithinTheDeadlineIsNothingSent) {
  // A listener whose queue is full does not answer a connect.
  ClosedPort port;
  listen(port.descriptor, 0);
  std::vector<int> fillers;
  sockaddr_in address{};
  socklen_t size = sizeof address;
  getsockname(port.descriptor, reinterpret_cast<sockaddr*>(&address), &size);
  for (int i = 0; i < 3; ++i) {
    fillers.push_back(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    connect(fillers.back(), reinterpret_cast<sockaddr*>(&address), size);
  }
  HttpLimits limits;
  limits.connect_timeout = 50ms;
  EXPECT_EQ(failure(post(port.url), limits).sent(), Sent::nothing);
  for (int filler : fillers)
    close(filler);
}

// A waiter that is interrupted once `condition` holds.
Loop::Waiter interrupted_when(std::function<bool()> condition) {
  return [condition, wait = polling_waiter()](int descriptor, Milliseconds timeout) {
    if (condition()) throw Interrupted();
    wait(descriptor, timeout.count() < 0 ? 5ms : std::min(timeout, Milliseconds(5)));
  };
}

TEST(CurlHttpInterrupted, AHungServerIsLeftAtOnce) {
  std::atomic<int> arrived{0}, left{0};
  TestServer server([&](Connection& connection, int) {
    connection.read_request();
    ++arrived;
    connection.wait_until_client_leaves();
    ++left;
  });
  auto before = open_descriptors();
  {
    Loop loop(interrupted_when([&] { return arrived == 8; }));
    auto http = make_curl_http(loop);
    auto work = [](Http& http, std::string url) -> task<void> {
      auto one = [](Http& http, std::string url) -> task<void> {
        HttpRequest request{"POST", url, {}, "x"};
        co_await http.send(std::move(request), {});
      };
      TaskGroup group;
      for (int i = 0; i < 8; ++i)
        group.spawn(one(http, url));
      co_await group.all();
    };
    EXPECT_THROW(loop.run(work(*http, server.url())), Interrupted);
  }
  auto interrupted = Steady::now();
  while (left < 8 && Steady::now() - interrupted < 10s)
    std::this_thread::yield();
  EXPECT_EQ(left, 8);
  // What the server has open for its eight connections is on top of it.
  EXPECT_LE(open_descriptors().size(), before.size() + 8);
}

TEST(CurlHttpInterrupted, AnyTurnMayBeTheLast) {
  TestServer server([](Connection& connection, int) {
    while (!connection.read_request().empty())
      connection.answer(std::string(100'000, 'x'));
  });
  auto twice = [](Loop& loop, Http& http, std::string url) -> task<void> {
    for (int i = 0; i < 2; ++i) {
      HttpRequest request{"POST", url, {}, "x"};
      co_await http.send(std::move(request), {});
      co_await loop.sleep(0ms);
    }
  };
  auto work = [](Loop& loop, Http& http, std::string url, auto twice) -> task<void> {
    TaskGroup group;
    for (int i = 0; i < 4; ++i)
      group.spawn(twice(loop, http, url));
    co_await group.all();
  };
  bool finished = false;
  for (int last_turn = 1; !finished; ++last_turn) {
    int turns = 0;
    Loop loop([&, wait = polling_waiter()](int descriptor, Milliseconds timeout) {
      if (++turns == last_turn) throw Interrupted();
      wait(descriptor, timeout);
    });
    auto http = make_curl_http(loop);
    try {
      loop.run(work(loop, *http, server.url(), twice));
      finished = true;
    } catch (const Interrupted&) {
      EXPECT_EQ(turns, last_turn);
    }
  }
}

TEST(CurlHttpInterrupted, AHangingNameResolutionIsLeftAtOnce) {
  hanging_names.released = false;
  auto waiting = [] {
    std::lock_guard lock(hanging_names.mutex);
    return hanging_names.waiting > 0;
  };
  auto signals_before = blocked_signals_of_this_thread();
  Steady::time_point interrupted;
  {
    Loop loop(interrupted_when([&] {
      interrupted = Steady::now();
      return waiting();
    }));
    auto http = make_curl_http(loop);
    EXPECT_THROW(loop.run(http->send({"POST", "http://hang.invalid/", {}, "x"}, {})), Interrupted);
  }
  EXPECT_LT(Steady::now() - interrupted, 200ms);
  EXPECT_EQ(blocked_signals_of_this_thread(), signals_before);

  std::unique_lock lock(hanging_names.mutex);
  // All but SIGKILL, SIGSTOP and the two that the C library keeps for itself.
  auto blocked = std::stoull(hanging_names.blocked_signals, nullptr, 16);
  for (int signal : {SIGTERM, SIGINT, SIGUSR1, SIGALRM, SIGQUIT, SIGHUP, SIGURG, SIGCHLD})
    EXPECT_TRUE(blocked >> (signal - 1) & 1) << signal;
  hanging_names.released = true;
  hanging_names.changed.notify_all();
  hanging_names.changed.wait(lock, [] { return hanging_names.waiting == 0; });
}

TEST(CurlHttpInterrupted, AHangingNameResolutionEndsAtItsDeadline) {
  hanging_names.released = false;
  {
    Loop loop(polling_waiter());
    auto http = make_curl_http(loop);
    HttpLimits limits;
    limits.total_timeout = 50ms;
    auto started = Steady::now();
    try {
      loop.run(http->send({"POST", "http://hang.invalid/", {}, "x"}, limits));
      ADD_FAILURE();
    } catch (const TransportError& error) {
      EXPECT_EQ(error.sent(), Sent::nothing);
    }
    EXPECT_LT(Steady::now() - started, 1s);
  }
  std::unique_lock lock(hanging_names.mutex);
  hanging_names.released = true;
  hanging_names.changed.notify_all();
  hanging_names.changed.wait(lock, [] { return hanging_names.waiting == 0; });
}

TEST_F(CurlHttpTest, AnExchangeMayBeDestroyedByAnothersEnd) {
  TestServer server([](Connection& connection, int) {
    while (connection.read_request().find("/quick") != std::string::npos)
      connection.answer("ok");
    connection.wait_until_client_leaves();
  });
  auto fetch = [](Http& http, std::string url) -> task<void> {
    HttpRequest request{"GET", url, {}, ""};
    co_await http.send(std::move(request), {});
  };
  for (int i = 0; i < 20; ++i)
    loop.run([](Http& http, std::string slow, std::string quick, auto fetch) -> task<void> {
      TaskGroup group;
      group.spawn(fetch(http, slow));
      group.spawn(fetch(http, slow));
      group.spawn(fetch(http, quick));
      co_await group.any();
    }(*http, server.url("/slow"), server.url("/quick"), fetch));
}

} // namespace
} // namespace iasql::net
