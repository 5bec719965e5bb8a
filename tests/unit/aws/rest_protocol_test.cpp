// The rest protocols where botocore's cases are silent: what a hostile or mistaken input must not become, what an
// answer must have, and what is done to every request (checksums, compression, quirks). One service with one operation
// a test.

#include "aws/protocol/protocol.hpp"
#include "base/error.hpp"
#include "base/json.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

namespace iasql::aws {

namespace {

constexpr std::string_view shapes = R"({
  "Key": {"type": "structure", "members": {
    "Bucket": {"shape": "Text", "location": "uri"}, "Key": {"shape": "Text", "location": "uri"},
    "Version": {"shape": "Text", "location": "querystring", "locationName": "v"},
    "Other": {"shape": "Texts", "location": "querystring"},
    "Note": {"shape": "Text", "location": "header", "locationName": "X-Note"},
    "Notes": {"shape": "TextMap", "location": "headers", "locationName": "x-meta-"}}},
  "Blob": {"type": "structure", "payload": "Body", "members": {
    "Body": {"shape": "Bytes"}, "Sum": {"shape": "Text", "location": "header", "locationName": "x-sum"}}},
  "Stream": {"type": "structure", "payload": "Body", "members": {"Body": {"shape": "Bytes", "streaming": true}}},
  "Settings": {"type": "structure", "members": {"Name": {"shape": "Text"}, "Sizes": {"shape": "Numbers"}}},
  "SettingsPayload": {"type": "structure", "payload": "Settings", "members": {
    "Settings": {"shape": "Settings", "locationName": "Config", "xmlNamespace": {"uri": "http://x/"}}}},
  "Events": {"type": "structure", "members": {"Stream": {"shape": "EventStream"}}},
  "EventStream": {"type": "structure", "eventstream": true, "members": {}},
  "Zone": {"type": "structure", "members": {"Id": {"shape": "ResourceId", "location": "uri"}}},
  "Maps": {"type": "structure", "members": {
    "Map": {"shape": "TextMap"}, "Notes": {"shape": "TextMap", "location": "headers", "locationName": "x-meta-"}}},
  "Location": {"type": "structure", "members": {"LocationConstraint": {"shape": "Text"}}},
  "ResourceId": {"type": "string"}, "Text": {"type": "string"}, "Bytes": {"type": "blob"}, "Number": {"type": "integer"},
  "Texts": {"type": "list", "member": {"shape": "Text"}}, "Numbers": {"type": "list", "member": {"shape": "Number"}},
  "TextMap": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}}
})";

// A service with one operation, Do; `operation` is its members but for http, which is `uri`.
std::unique_ptr<Service> service_with(const char* protocol, const char* uri, const char* operation,
                                      const char* name = "x", const char* operation_name = "Do") {
  Value described = read_json(operation);
  described.set_path("http.requestUri", uri);
  described.set_path("http.method", "PUT");
  Object model = {{"metadata", Object{{"protocol", protocol}, {"endpointPrefix", "x"}}},
                  {"shapes", read_json(shapes)},
                  {"operations", Object{{operation_name, described}}}};
  return read_service(name, write_json(model));
}

HttpParts serialize(const Service& service, const char* input) {
  return aws::serialize(service, service.operation(service.operation_names().front()), read_json(input));
}

Value parse(const Service& service, net::HttpResponse response) {
  return aws::parse(service, service.operation(service.operation_names().front()), response);
}

std::string refusal(const Service& service, const char* input) {
  try {
    serialize(service, input);
  } catch (const Error& error) {
    return error.sqlstate() + " " + error.what();
  }
  return "accepted";
}

std::string header(const HttpParts& parts, const std::string& name) {
  for (const auto& [candidate, value] : parts.headers)
    if (candidate == name) return value;
  return "none";
}

std::string gunzip(const std::string& bytes, std::size_t size) {
  std::string result(size, '\0');
  z_stream stream{};
  inflateInit2(&stream, 16 + MAX_WBITS);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  inflateEnd(&stream);
  return result;
}

} // namespace

TEST(Rest, MembersGoWhereTheModelSays) {
  auto found = service_with("rest-xml", "/{Bucket}/{Key+}?acl&v=1", R"({"input": {"shape": "Key"}})");
  HttpParts parts = serialize(*found, R"({"Bucket": "a b/c", "Key": "d/e f", "Other": ["1", "2&3"], "Note": "n",
                                          "Notes": {"one": "1"}, "Version": null})");
  EXPECT_EQ(parts.method, "PUT");
  EXPECT_EQ(parts.path, "/a%20b%2Fc/d/e%20f");
  EXPECT_EQ(parts.query, "acl&v=1&Other=1&Other=2%263");
  EXPECT_EQ(parts.headers, (net::Headers{{"X-Note", "n"}, {"x-meta-one", "1"}}));
  EXPECT_EQ(parts.body, "");
}

TEST(Rest, APathIsNeverAnotherOne) {
  auto found = service_with("rest-json", "/{Bucket}/{Key+}", R"({"input": {"shape": "Key"}})");
  EXPECT_EQ(refusal(*found, R"({"Bucket": "b"})"), "IQ017 Key is required: it is part of the path");
  EXPECT_EQ(refusal(*found, R"({"Bucket": "", "Key": "k"})"), "IQ017 Bucket is required: it is part of the path");
  for (const char* input :
       {R"({"Bucket": "..", "Key": "k"})", R"({"Bucket": ".", "Key": "k"})", R"({"Bucket": "b", "Key": "../k"})",
        R"({"Bucket": "b", "Key": "k/.."})", R"({"Bucket": "b", "Key": "k/./l"})"})
    EXPECT_EQ(refusal(*found, input).substr(0, 5), "IQ016") << input;
  EXPECT_EQ(serialize(*found, R"({"Bucket": "b?c#d", "Key": "...?e"})").path, "/b%3Fc%23d/...%3Fe");
  auto nameless = service_with("rest-json", "/{Nothing}", R"({"input": {"shape": "Key"}})");
  EXPECT_EQ(refusal(*nameless, "{}").substr(0, 5), "IQ022");
  auto unpaired = service_with("rest-json", "/{Bucket", R"({"input": {"shape": "Key"}})");
  EXPECT_EQ(refusal(*unpaired, "{}").substr(0, 5), "IQ022");
}

TEST(Rest, KeysOfMapsAreUtf8) {
  auto found = service_with("rest-xml", "/", R"({"output": {"shape": "Maps"}})");
  auto answer = [](const std::string& key) {
    return "<Maps><Map><entry><key>" + key + "</key><value>v</value></entry></Map></Maps>";
  };
  EXPECT_EQ(parse(*found, {200, {{"x-meta-a", "b"}}, answer("k")}),
            Value(Object{{"Map", Object{{"k", "v"}}}, {"Notes", Object{{"a", "b"}}}}));
  EXPECT_THROW(parse(*found, {200, {}, answer("&#xDC00;")}), Error);
  EXPECT_THROW(parse(*found, {200, {{"x-meta-\xFF", "b"}}, answer("k")}), Error);
}

TEST(Rest, AHeaderIsNeverTwo) {
  auto found = service_with("rest-json", "/", R"({"input": {"shape": "Key"}})");
  EXPECT_EQ(refusal(*found, R"({"Note": "a\r\nX-Evil: 1"})"),
            "IQ016 Note is sent in a header and must not have control characters");
  EXPECT_EQ(refusal(*found, R"({"Notes": {"a: 1\r\nb": "c"}})"),
            "IQ016 Notes has a key that cannot be part of a header");
}

TEST(Rest, XmlHasTheMembersNameAndNamespace) {
  auto found = service_with("rest-xml", "/", R"({"input": {"shape": "SettingsPayload"}})");
  HttpParts parts = serialize(*found, R"({"Settings": {"Name": "a<&\"\r\n", "Sizes": [1, 2]}})");
  EXPECT_EQ(parts.body, "<Config xmlns=\"http://x/\"><Name>a&lt;&amp;&quot;&#xD;&#xA;</Name>"
                        "<Sizes><member>1</member><member>2</member></Sizes></Config>");
  EXPECT_EQ(header(parts, "Content-Type"), "application/xml");
  EXPECT_EQ(refusal(*found, R"({"Settings": {"Name": "a\u0001"}})"),
            "IQ016 Name is sent as XML and must not have control characters");
}

TEST(Rest, ABlobIsTheBodyItself) {
  auto found = service_with("rest-json", "/", R"({"input": {"shape": "Blob"}, "output": {"shape": "Blob"}})");
  HttpParts parts = serialize(*found, R"({"Body": "AAH/", "Sum": "s"})");
  EXPECT_EQ(parts.body, std::string("\0\1\xff", 3));
  EXPECT_EQ(header(parts, "Content-Type"), "application/octet-stream");
  EXPECT_EQ(parse(*found, {200, {{"x-sum", "s"}}, std::string("\0\1\xff", 3)}),
            Value(Object{{"Body", "AAH/"}, {"Sum", "s"}}));
  EXPECT_EQ(parse(*found, {200, {}, ""}), Value(Object()));
  auto stream = service_with("rest-xml", "/", R"({"output": {"shape": "Stream"}})");
  EXPECT_EQ(parse(*stream, {200, {}, ""}), Value(Object{{"Body", ""}}));
}

// As for the other protocols: an answer that is none must never look like an empty list.
TEST(Rest, AnythingElseIsAnError) {
  for (const char* output : {R"({"output": {"shape": "Settings"}})", R"({"output": {"shape": "SettingsPayload"}})"}) {
    auto json = service_with("rest-json", "/", output), xml = service_with("rest-xml", "/", output);
    for (const char* body :
         {"", " ", "[]", "null", "\"x\"", "<html/>", R"({"Sizes": {}})", R"({"Sizes": ["x"]})", "{} {}"})
      EXPECT_THROW(parse(*json, {200, {}, body}), Error) << body;
    for (const char* body : {"", " ", "{}", "<a/><b/>", "<a>", "<Config><Sizes><member>x</member></Sizes></Config>",
                             "<!DOCTYPE a><Config/>", "<Error><Code>SlowDown</Code></Error>"})
      EXPECT_THROW(parse(*xml, {200, {}, body}), Error) << body;
    EXPECT_EQ(parse(*json, {204, {}, ""}), Value(Object()));
    EXPECT_EQ(parse(*xml, {204, {}, ""}), Value(Object()));
  }
  auto nested = service_with("rest-json", "/", R"({"output": {"shape": "Settings"}})");
  EXPECT_THROW(parse(*nested, {200, {}, R"({"Sizes": )" + std::string(100'000, '[')}), Error);
}

TEST(Rest, StreamsOfEventsAreRefused) {
  for (const char* protocol : {"rest-json", "rest-xml", "json"}) {
    auto found = service_with(protocol, "/", R"({"output": {"shape": "Events"}})");
    EXPECT_EQ(refusal(*found, "{}"), "IQ016 x Do is a stream of events, which is not implemented");
  }
}

TEST(Rest, QuirksAreRows) {
  auto zones = service_with("rest-xml", "/zone/{Id}", R"({"input": {"shape": "Zone"}})", "route53");
  EXPECT_EQ(serialize(*zones, R"({"Id": "/hostedzone/Z1"})").path, "/zone/Z1");
  auto others = service_with("rest-xml", "/zone/{Id}", R"({"input": {"shape": "Zone"}})");
  EXPECT_EQ(serialize(*others, R"({"Id": "/hostedzone/Z1"})").path, "/zone/%2Fhostedzone%2FZ1");
  auto bucket = service_with("rest-xml", "/", R"({"output": {"shape": "Location"}})", "s3", "GetBucketLocation");
  EXPECT_EQ(parse(*bucket, {200, {}, "<LocationConstraint>eu-west-2</LocationConstraint>"}),
            Value(Object{{"LocationConstraint", "eu-west-2"}}));
  auto gateway = service_with("rest-json", "/", "{}", "apigateway");
  EXPECT_EQ(header(serialize(*gateway, "{}"), "Accept"), "application/json");
}

TEST(Checksum, IsWhatTheModelAsksFor) {
  auto required = service_with("rest-json", "/", R"({"input": {"shape": "Blob"}, "httpChecksumRequired": true})");
  EXPECT_EQ(header(serialize(*required, R"({"Body": "MTIzNDU2Nzg5"})"), "Content-MD5"), "JfnnlDI7RTiF9RgfG2JNCw==");
  auto chosen = service_with("rest-json", "/", R"({"input": {"shape": "Blob"},
      "httpChecksum": {"requestAlgorithmMember": "Sum", "requestChecksumRequired": false}})");
  // The check value of CRC-32: that of "123456789" is cbf43926.
  HttpParts parts = serialize(*chosen, R"({"Body": "MTIzNDU2Nzg5"})");
  EXPECT_EQ(header(parts, "x-amz-checksum-crc32"), "y/Q5Jg==");
  EXPECT_EQ(header(parts, "x-sum"), "CRC32");
  parts = serialize(*chosen, R"({"Body": "MTIzNDU2Nzg5", "Sum": "SHA256"})");
  EXPECT_EQ(header(parts, "x-amz-checksum-sha256"), "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=");
  EXPECT_EQ(header(parts, "x-sum"), "SHA256");
  EXPECT_EQ(refusal(*chosen, R"({"Sum": "XXHASH3"})"), "IQ016 checksums of algorithm XXHASH3 are not implemented");
  auto plain = service_with("rest-json", "/", R"({"input": {"shape": "Blob"}})");
  EXPECT_EQ(header(serialize(*plain, R"({"Body": "MTIz"})"), "Content-MD5"), "none");
}

TEST(Compression, IsForLargeBodiesOnly) {
  auto found = service_with("rest-json", "/", R"({"input": {"shape": "Settings"},
      "requestcompression": {"encodings": ["gzip"]}})");
  const std::string name(20'000, 'n'), body = R"({"Name":")" + name + R"("})";
  HttpParts parts = serialize(*found, body.c_str());
  EXPECT_EQ(header(parts, "Content-Encoding"), "gzip");
  EXPECT_LT(parts.body.size(), 1'000u);
  EXPECT_EQ(gunzip(parts.body, body.size()), body);
  parts = serialize(*found, R"({"Name": "short"})");
  EXPECT_EQ(header(parts, "Content-Encoding"), "none");
  EXPECT_EQ(parts.body, R"({"Name":"short"})");
}

} // namespace iasql::aws
