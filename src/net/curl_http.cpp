// Http over libcurl's multi interface, driven by the loop: libcurl says which sockets and which timer it waits for, the
// loop calls back when they are ready, and what has finished is then resumed. One Exchange is one request and lives in
// the frame of the coroutine that sends it: destroying that frame ends the exchange, even in the middle of a name
// resolution. libcurl resolves names in a thread of its own; every call that may start one is made with all signals
// blocked, so that the thread inherits that and PostgreSQL's signals reach the backend's only other thread.

#include "base/names.hpp"
#include "net/address.hpp"
#include "net/http.hpp"

#include <curl/curl.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <exception>

namespace iasql::net {

namespace {

class SignalsBlocked {
public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &m_former);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &m_former, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

private:
  sigset_t m_former;
};

std::string_view without_blanks(std::string_view text) {
  auto first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// A line break or a NUL in the request line or a header would make another request of it.
void refuse_control_characters(const HttpRequest& request) {
  auto check = [](const std::string& text, const char* what) {
    if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; }))
      throw Error(sqlstate::invalid_value, std::string("a control character in the ") + what + " of an HTTP request");
  };
  check(request.method, "method");
  check(request.url, "URL");
  for (const auto& [name, value] : request.headers) {
    check(name, "name of a header");
    check(value, "value of a header");
  }
}

struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, FreeEasy>;
using List = std::unique_ptr<curl_slist, FreeList>;

void append(List& list, const std::string& line) {
  auto longer = curl_slist_append(list.get(), line.c_str());
  if (!longer) throw std::bad_alloc();
  (void)list.release();
  list.reset(longer);
}

template <typename T>
void set(CURL* easy, CURLoption option, T value) {
  auto code = curl_easy_setopt(easy, option, value);
  if (code == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
  if (code != CURLE_OK)
    throw Error(sqlstate::internal_error, std::string("libcurl refuses an option: ") + curl_easy_strerror(code));
}

template <typename T>
T information(CURL* easy, CURLINFO which) {
  T value{};
  curl_easy_getinfo(easy, which, &value);
  return value;
}

// One request on its way, and its response as it arrives.
class Exchange {
public:
  Exchange(CURLM* multi, Addresses addresses, HttpRequest request, HttpLimits limits)
      : m_multi(multi), m_addresses(addresses), m_request(std::move(request)), m_limits(limits),
        m_easy(curl_easy_init()) {
    if (!m_easy) throw std::bad_alloc();
    refuse_control_characters(m_request);
    set_connection_options();
    set_request_options();
    set_callbacks();
  }

  ~Exchange() {
    if (!m_running) return;
    SignalsBlocked signals_blocked;
    curl_multi_remove_handle(m_multi, m_easy.get());
  }

  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> sender) {
    m_sender = sender;
    SignalsBlocked signals_blocked;
    auto code = curl_multi_add_handle(m_multi, m_easy.get());
    if (code != CURLM_OK) throw Error(sqlstate::internal_error, curl_multi_strerror(code));
    m_running = true;
  }
  // The response, or TransportError.
  HttpResponse await_resume() {
    if (m_result != CURLE_OK || m_refusal) throw TransportError(sent(), failure());
    m_response.status = static_cast<int>(information<long>(m_easy.get(), CURLINFO_RESPONSE_CODE));
    return std::move(m_response);
  }

  // libcurl has ended the transfer: resumes the sender, which may destroy this exchange.
  void finish(CURLcode result) {
    m_result = result;
    curl_multi_remove_handle(m_multi, m_easy.get());
    m_running = false;
    m_sender.resume();
  }

private:
  void set_connection_options() {
    CURL* easy = m_easy.get();
    set(easy, CURLOPT_URL, m_request.url.c_str());
    set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    set(easy, CURLOPT_PATH_AS_IS, 1L);
    set(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    set(easy, CURLOPT_FOLLOWLOCATION, 0L);
    set(easy, CURLOPT_PROXY, ""); // also none from the environment
    set(easy, CURLOPT_NOSIGNAL, 1L);
    set(easy, CURLOPT_QUICK_EXIT, 1L);
    // One exchange at a time on a connection: what was sent of this one is then known.
    set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    // An idle connection is dropped before the usual server would drop it under a request.
    set(easy, CURLOPT_MAXAGE_CONN, 20L);
    set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(easy, CURLOPT_CONNECTTIMEOUT_MS,
        static_cast<long>(std::max(m_limits.connect_timeout, Milliseconds(1)).count()));
    set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(std::max(m_limits.total_timeout, Milliseconds(1)).count()));
    set(easy, CURLOPT_ERRORBUFFER, m_message);
    set(easy, CURLOPT_PRIVATE, this);
  }

  void set_request_options() {
    CURL* easy = m_easy.get();
    bool has_body = !m_request.body.empty() || m_request.method == "POST" || m_request.method == "PUT" ||
                    m_request.method == "PATCH";
    if (m_request.method == "HEAD") {
      set(easy, CURLOPT_NOBODY, 1L);
    } else if (has_body) {
      set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(m_request.body.size()));
      set(easy, CURLOPT_POSTFIELDS, m_request.body.data());
    }
    set(easy, CURLOPT_CUSTOMREQUEST, m_request.method.c_str());

    // Headers that libcurl would add by itself come first in the list, removed; the caller's own replace them.
    for (const char* unwanted : {"Accept", "Content-Type", "Expect", "User-Agent"}) {
      auto given = [&](const auto& header) { return lower_case(header.first) == lower_case(unwanted); };
      if (std::none_of(m_request.headers.begin(), m_request.headers.end(), given))
        append(m_headers, std::string(unwanted) + ":");
    }
    for (const auto& [name, value] : m_request.headers)
      append(m_headers, without_blanks(value).empty() ? name + ";" : name + ": " + value);
    set(easy, CURLOPT_HTTPHEADER, m_headers.get());
  }

  void set_callbacks() {
    CURL* easy = m_easy.get();
    set(easy, CURLOPT_HEADERFUNCTION, &receive_header);
    set(easy, CURLOPT_HEADERDATA, this);
    set(easy, CURLOPT_WRITEFUNCTION, &receive_body);
    set(easy, CURLOPT_WRITEDATA, this);
    set(easy, CURLOPT_OPENSOCKETFUNCTION, &open_socket);
    set(easy, CURLOPT_OPENSOCKETDATA, this);
    set(easy, CURLOPT_PREREQFUNCTION, &before_request);
    set(easy, CURLOPT_PREREQDATA, this);
  }

  // The address is the one that is connected to: no second resolution can put another in its place.
  static curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* address) noexcept {
    auto exchange = static_cast<Exchange*>(self);
    if (exchange->m_addresses == Addresses::public_only && !is_public_address(address->addr)) {
      exchange->m_refused_address = true;
      return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  }

  // libcurl repeats a request by itself when a reused connection ends without an answer. Nobody knows then whether the
  // server carried it out, so only the caller may decide to send it again.
  static int before_request(void* self, char*, char*, int, int) {
    auto exchange = static_cast<Exchange*>(self);
    if (exchange->sent() == TransportError::Sent::maybe) {
      exchange->m_refusal = "the connection was closed before an answer came";
      return CURL_PREREQFUNC_ABORT;
    }
    exchange->m_has_connection = true;
    return CURL_PREREQFUNC_OK;
  }

  static std::size_t receive_header(char* data, std::size_t, std::size_t size, void* self) noexcept {
    auto exchange = static_cast<Exchange*>(self);
    std::string_view line(data, size);
    exchange->m_header_bytes += size;
    if (exchange->m_header_bytes > exchange->m_limits.header_bytes)
      return exchange->refuse("the answer's headers are larger than allowed");
    try {
      // A status line begins the headers anew: what came before was a 1xx answer.
      if (line.substr(0, 5) == "HTTP/") exchange->m_response.headers.clear();
      auto colon = line.find(':');
      if (colon != line.npos)
        exchange->m_response.headers.emplace_back(lower_case(without_blanks(line.substr(0, colon))),
                                                  without_blanks(line.substr(colon + 1)));
    } catch (const std::exception&) {
      return exchange->refuse("out of memory while receiving the answer");
    }
    return size;
  }

  static std::size_t receive_body(char* data, std::size_t, std::size_t size, void* self) noexcept {
    auto exchange = static_cast<Exchange*>(self);
    auto& body = exchange->m_response.body;
    if (size > exchange->m_limits.body_bytes - std::min(body.size(), exchange->m_limits.body_bytes))
      return exchange->refuse("the answer is larger than allowed");
    try {
      body.append(data, size);
    } catch (const std::exception&) {
      return exchange->refuse("out of memory while receiving the answer");
    }
    return size;
  }

  // What a callback returns to end the transfer: a number other than the size of what it was given.
  std::size_t refuse(const char* reason) noexcept {
    m_refusal = reason;
    return CURL_WRITEFUNC_ERROR;
  }

  // Nothing before there is a connection. Then libcurl counts what it handed to the socket; with TLS some of it may be
  // on the wire before it is counted.
  TransportError::Sent sent() const {
    if (!m_has_connection) return TransportError::Sent::nothing;
    bool is_encrypted = lower_case(m_request.url.substr(0, 6)) == "https:";
    bool is_counted = information<long>(m_easy.get(), CURLINFO_REQUEST_SIZE) > 0;
    return is_encrypted || is_counted ? TransportError::Sent::maybe : TransportError::Sent::nothing;
  }

  std::string failure() const {
    if (m_refusal) return m_refusal;
    if (m_refused_address && !m_has_connection) return "the name stands for an address that is not public";
    return *m_message ? m_message : curl_easy_strerror(m_result);
  }

  CURLM* m_multi;
  Addresses m_addresses;
  HttpRequest m_request;
  HttpLimits m_limits;
  Easy m_easy;
  List m_headers;
  std::coroutine_handle<> m_sender;
  bool m_running = false;
  bool m_has_connection = false;
  bool m_refused_address = false;
  CURLcode m_result = CURLE_OK;
  const char* m_refusal = nullptr; // why we ended the transfer ourselves
  char m_message[CURL_ERROR_SIZE] = "";
  HttpResponse m_response;
  std::size_t m_header_bytes = 0;
};

class CurlHttp : public Http {
public:
  CurlHttp(Loop& loop, Addresses addresses) : m_loop(loop), m_addresses(addresses), m_timer(loop) {
    static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    m_multi = initialised == CURLE_OK ? curl_multi_init() : nullptr;
    if (!m_multi) throw Error(sqlstate::internal_error, "libcurl cannot be initialised");
    curl_multi_setopt(m_multi, CURLMOPT_SOCKETFUNCTION, &watch_socket);
    curl_multi_setopt(m_multi, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(m_multi, CURLMOPT_TIMERFUNCTION, &arm_timer);
    curl_multi_setopt(m_multi, CURLMOPT_TIMERDATA, this);
  }

  ~CurlHttp() override {
    SignalsBlocked signals_blocked;
    curl_multi_cleanup(m_multi);
  }

  CurlHttp(const CurlHttp&) = delete;
  CurlHttp& operator=(const CurlHttp&) = delete;

  task<HttpResponse> send(HttpRequest request, HttpLimits limits) override {
    Exchange exchange(m_multi, m_addresses, std::move(request), limits);
    auto response = co_await exchange;
    co_return response;
  }

private:
  static int watch_socket(CURL*, curl_socket_t socket, int what, void* self, void*) noexcept {
    auto http = static_cast<CurlHttp*>(self);
    unsigned events = 0;
    if (what == CURL_POLL_IN || what == CURL_POLL_INOUT) events |= EPOLLIN;
    if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT) events |= EPOLLOUT;
    try {
      http->m_loop.watch(socket, events, [http, socket](unsigned ready) { http->on_socket(socket, ready); });
      return 0;
    } catch (const std::exception&) {
      return -1;
    }
  }

  static int arm_timer(CURLM*, long milliseconds, void* self) noexcept {
    auto http = static_cast<CurlHttp*>(self);
    try {
      if (milliseconds < 0)
        http->m_timer.disarm();
      else
        http->m_timer.arm(Milliseconds(milliseconds), [http] { http->act(CURL_SOCKET_TIMEOUT, 0); });
      return 0;
    } catch (const std::exception&) {
      return -1;
    }
  }

  void on_socket(curl_socket_t socket, unsigned ready) {
    int mask = 0;
    if (ready & EPOLLIN) mask |= CURL_CSELECT_IN;
    if (ready & EPOLLOUT) mask |= CURL_CSELECT_OUT;
    if (ready & (EPOLLERR | EPOLLHUP)) mask |= CURL_CSELECT_IN | CURL_CSELECT_OUT;
    act(socket, mask);
  }

  // Lets libcurl work, then resumes whoever waits for what has finished; that may start and destroy other exchanges.
  void act(curl_socket_t socket, int mask) {
    {
      SignalsBlocked signals_blocked;
      int running = 0;
      curl_multi_socket_action(m_multi, socket, mask, &running);
    }
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(m_multi, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      auto result = message->data.result;
      information<Exchange*>(message->easy_handle, CURLINFO_PRIVATE)->finish(result);
    }
  }

  Loop& m_loop;
  Addresses m_addresses;
  Loop::Timer m_timer;
  CURLM* m_multi;
};

} // namespace

const std::string& HttpResponse::header(std::string_view name) const {
  static const std::string none;
  auto found = std::find_if(headers.begin(), headers.end(), [&](const auto& header) { return header.first == name; });
  return found == headers.end() ? none : found->second;
}

std::unique_ptr<Http> make_curl_http(Loop& loop, Addresses addresses) {
  return std::make_unique<CurlHttp>(loop, addresses);
}

} // namespace iasql::net
