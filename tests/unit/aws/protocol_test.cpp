#include "aws/protocol/protocol.hpp"
#include "base/error.hpp"
#include "base/json.hpp"

#include <gtest/gtest.h>

namespace iasql::aws {

namespace {

HttpParts serialize(const char* service_name, const char* operation, const char* input) {
  const Service& found = service(service_name);
  return aws::serialize(found, found.operation(operation), read_json(input));
}

Value parse(const char* service_name, const char* operation, std::string body) {
  const Service& found = service(service_name);
  return aws::parse(found, found.operation(operation), {200, {}, std::move(body)});
}

ServiceError parse_error(const char* service_name, std::string body, net::Headers headers = {}) {
  return aws::parse_error(service(service_name), {400, std::move(headers), std::move(body)});
}

// The error that the input gives, as "sqlstate message | hint".
std::string refusal(const char* service_name, const char* operation, const char* input) {
  try {
    serialize(service_name, operation, input);
  } catch (const Error& error) {
    return error.sqlstate() + " " + error.what() + " | " + error.hint();
  }
  return "accepted";
}

const std::string vpcs_body = R"(<?xml version="1.0" encoding="UTF-8"?>
<DescribeVpcsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r-1</requestId><vpcSet>
<item><vpcId>vpc-1</vpcId><isDefault>true</isDefault><cidrBlock>10.0.0.0/16</cidrBlock><unheardOf>1</unheardOf>
<tagSet><item><key>a&lt;b</key><value/></item></tagSet></item></vpcSet></DescribeVpcsResponse>)";

} // namespace

TEST(Serialize, Ec2FlattensAndCapitalises) {
  HttpParts parts = serialize("ec2", "CreateVpc", R"({"CidrBlock":"10.0.0.0/16","InstanceTenancy":null,"DryRun":false,
      "TagSpecifications":[{"ResourceType":"vpc","Tags":[{"Key":"a","Value":"b c"}]}]})");
  EXPECT_EQ(parts.method, "POST");
  EXPECT_EQ(parts.path, "/");
  EXPECT_EQ(parts.query, "");
  EXPECT_EQ(parts.host_prefix, "");
  for (const char* pair : {"Action=CreateVpc", "Version=2016-11-15", "CidrBlock=10.0.0.0%2F16", "DryRun=false",
                           "TagSpecification.1.ResourceType=vpc", "TagSpecification.1.Tag.1.Value=b%20c"})
    EXPECT_NE(("&" + parts.body + "&").find("&" + std::string(pair) + "&"), std::string::npos) << pair << parts.body;
  EXPECT_EQ(parts.body.find("InstanceTenancy"), std::string::npos);
}

TEST(Serialize, JsonHasTargetAndVersion) {
  HttpParts parts = serialize("ecr", "CreateRepository",
                              R"({"repositoryName":"x","imageScanningConfiguration":{"scanOnPush":true},"tags":null})");
  EXPECT_EQ(parts.headers, (net::Headers{{"Content-Type", "application/x-amz-json-1.1"},
                                         {"X-Amz-Target", "AmazonEC2ContainerRegistry_V20150921.CreateRepository"}}));
  EXPECT_EQ(parts.body, R"({"repositoryName":"x","imageScanningConfiguration":{"scanOnPush":true}})");
}

TEST(Serialize, QueryNamesOperationAndVersion) {
  EXPECT_EQ(serialize("sts", "GetCallerIdentity", "{}").body, "Action=GetCallerIdentity&Version=2011-06-15");
}

TEST(Validate, NamesWhatDoesNotFit) {
  EXPECT_EQ(refusal("ecr", "CreateRepository", R"({"repositoryName":"x","repositoryNam":1})"),
            "IQ016 the input of CreateRepository has no member repositoryNam | Did you mean repositoryName?");
  EXPECT_EQ(refusal("ecr", "CreateRepository", R"({"repositoryName":null})"), "IQ017 repositoryName is required | ");
  EXPECT_EQ(
      refusal("ecr", "CreateRepository", R"({"repositoryName":"x","imageScanningConfiguration":{"scanOnPush":"yes"}})"),
      "IQ016 imageScanningConfiguration.scanOnPush must be a boolean, not a string | ");
  EXPECT_EQ(refusal("ec2", "CreateVpc", R"({"TagSpecifications":[{"Tags":[{"Kye":"a"}]}]})"),
            "IQ016 TagSpecifications[0].Tags[0] has no member Kye | Did you mean Key?");
  EXPECT_EQ(refusal("ec2", "CreateVpc", R"({"TagSpecifications":{}})"),
            "IQ016 TagSpecifications must be an array, not an object | ");
  EXPECT_EQ(refusal("ec2", "DescribeVpcs", R"({"VpcIds":[null]})"), "IQ016 VpcIds[0] must be a string, not null | ");
  EXPECT_EQ(refusal("ec2", "DescribeVpcs", "[]"), "IQ016 the input of DescribeVpcs must be an object, not an array | ");
}

TEST(Validate, ARecursiveInputHasALimit) {
  auto found = read_service("x", R"({"metadata":{"protocol":"json"},"operations":{"Do":{"input":{"shape":"Node"}}},
      "shapes":{"Node":{"type":"structure","members":{"next":{"shape":"Node"}}}}})");
  Value input = Object();
  for (int i = 0; i < 300; ++i) {
    Object outer;
    outer.set("next", std::move(input));
    input = std::move(outer);
  }
  EXPECT_THROW(aws::serialize(*found, found->operation("Do"), input), Error);
}

TEST(Serialize, AnUnknownProtocolIsAnError) {
  EXPECT_THROW(read_service("x", R"({"metadata":{"protocols":["smithy-rpc-v2-cbor"]},"operations":{"Do":{}}})"), Error);
}

TEST(Serialize, HostPrefixTakesHostLabelsOnly) {
  auto found = read_service("x", R"({"metadata":{"protocol":"json"},"operations":{
      "Do":{"endpoint":{"hostPrefix":"{account}.data."},"input":{"shape":"In"}}},"shapes":{
      "In":{"type":"structure","members":{"account":{"shape":"S","hostLabel":true}}},"S":{"type":"string"}}})");
  const Operation& operation = found->operation("Do");
  EXPECT_EQ(aws::serialize(*found, operation, Object{{"account", "a1"}}).host_prefix, "a1.data.");
  EXPECT_THROW(aws::serialize(*found, operation, Object{{"account", "evil.example/"}}), Error);
  EXPECT_THROW(aws::serialize(*found, operation, Object()), Error);
}

TEST(IdempotencyTokens, AreFilledOnlyWhereAbsent) {
  auto found = read_service("x", R"({"metadata":{"protocol":"json"},"operations":{"Do":{"input":{"shape":"In"}}},
      "shapes":{"In":{"type":"structure","members":{"a":{"shape":"S","idempotencyToken":true},
      "b":{"shape":"S","idempotencyToken":true},"c":{"shape":"S"}}},"S":{"type":"string"}}})");
  Value input = Object{{"b", "mine"}};
  fill_idempotency_tokens(found->operation("Do"), input, [] { return "token"; });
  EXPECT_EQ(input, Value(Object{{"a", "token"}, {"b", "mine"}}));
}

TEST(Parse, Ec2TypesMembersAndIgnoresTheRest) {
  Value output = parse("ec2", "DescribeVpcs", vpcs_body);
  EXPECT_EQ(output, read_json(R"({"Vpcs":[{"VpcId":"vpc-1","IsDefault":true,"CidrBlock":"10.0.0.0/16",
      "Tags":[{"Key":"a<b","Value":""}]}]})"));
  EXPECT_EQ(request_id({200, {}, vpcs_body}), "r-1");
  EXPECT_EQ(request_id({200, {{"x-amzn-requestid", "r-2"}}, vpcs_body}), "r-2");
}

TEST(Parse, QueryLooksInsideTheWrapper) {
  EXPECT_EQ(parse("sts", "GetCallerIdentity",
                  "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account></GetCallerIdentityResult>"
                  "</GetCallerIdentityResponse>"),
            Value(Object{{"Account", "1"}}));
  EXPECT_THROW(parse("sts", "GetCallerIdentity", "<GetCallerIdentityResponse/>"), Error);
}

TEST(Parse, JsonConvertsTimesAndDropsNulls) {
  Value output = parse("ecr", "DescribeRepositories",
                       R"({"repositories":[{"repositoryName":"x","createdAt":1.5,"repositoryUri":null}],"more":1})");
  EXPECT_EQ(output, read_json(R"({"repositories":[{"repositoryName":"x","createdAt":"1970-01-01T00:00:01.500Z"}]})"));
}

TEST(Parse, TheNameOfAForeignDocumentIsShownAsFarAsItIsText) {
  auto message_of = [](const std::string& body) {
    try {
      parse("ec2", "DescribeVpcs", body);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(message_of("<html/>"), "the answer to DescribeVpcs is a document <html>");
  EXPECT_EQ(message_of("<\xB6\xB6/>"), "not XML: it is not UTF-8");
  std::string name = "a", shown = "a";
  for (int i = 0; i < 32; ++i) {
    name += "\xC3\xA4";
    if (shown.size() + 2 <= 60) shown += "\xC3\xA4"; // whole characters
  }
  EXPECT_EQ(message_of("<" + name + "/>"), "the answer to DescribeVpcs is a document <" + shown + ">");
}

// An answer that is none must never look like an empty list.
TEST(Parse, AnythingElseIsAnError) {
  for (const char* body : {"", " ", "<html><body>504</body></html>", "<a/><b/>", "not xml", "{}", "<a>", "</a>"})
    EXPECT_THROW(parse("ec2", "DescribeVpcs", body), Error) << body;
  for (const char* body : {"", "[]", "null", "\"x\"", "<html/>", "{\"repositories\":{}}", "{\"repositories\":[1]}",
                           "{\"repositories\":[{\"createdAt\":\"yesterday\"}]}", "{} {}"})
    EXPECT_THROW(parse("ecr", "DescribeRepositories", body), Error) << body;
}

TEST(Parse, EveryTruncationIsAnError) {
  for (std::size_t size = 0; size < vpcs_body.size(); ++size)
    EXPECT_THROW(parse("ec2", "DescribeVpcs", vpcs_body.substr(0, size)), Error) << size;
  const std::string json = R"({"repositories":[{"repositoryName":"\u00e9x","createdAt":1.5}],"nextToken":"t"})";
  for (std::size_t size = 0; size < json.size(); ++size)
    EXPECT_THROW(parse("ecr", "DescribeRepositories", json.substr(0, size)), Error) << size;
}

TEST(Parse, ANulByteIsAnError) {
  for (std::size_t at = 0; at <= vpcs_body.size(); ++at) {
    std::string body = vpcs_body;
    EXPECT_THROW(parse("ec2", "DescribeVpcs", body.insert(at, 1, '\0')), Error) << at;
  }
  const std::string json = R"({"repositories":[{"repositoryName":"x","createdAt":1.5}],"nextToken":"t"})";
  for (std::size_t at = 0; at <= json.size(); ++at) {
    std::string body = json;
    EXPECT_THROW(parse("ecr", "DescribeRepositories", body.insert(at, 1, '\0')), Error) << at;
  }
}

TEST(Parse, HostileNestingIsAnError) {
  constexpr int depth = 100'000;
  std::string xml = "<DescribeVpcsResponse>", json = "{\"repositories\":";
  for (int i = 0; i < depth; ++i)
    xml += "<a>";
  std::string open = xml;
  for (int i = 0; i < depth; ++i)
    xml += "</a>";
  xml += "</DescribeVpcsResponse>";
  json += std::string(depth, '[');
  EXPECT_THROW(parse("ec2", "DescribeVpcs", xml), Error);
  EXPECT_THROW(parse("ec2", "DescribeVpcs", open), Error);
  EXPECT_THROW(parse("ecr", "DescribeRepositories", json), Error);
  EXPECT_THROW(parse("ecr", "DescribeRepositories", json + std::string(depth, ']') + "}"), Error);
  EXPECT_EQ(parse_error("ec2", xml).code, "");
  EXPECT_EQ(parse_error("ecr", json).code, "");
}

// A flattened list of what has the list itself: two levels of the value for one of XML.
TEST(Parse, AnOutputIsNeverDeeperThanJsonThatCanBeRead) {
  auto service = read_service("deep", R"({"metadata": {"protocol": "query", "apiVersion": "1", "endpointPrefix": "d"},
      "operations": {"Go": {"http": {"method": "POST", "requestUri": "/"}, "output": {"shape": "Node"}}},
      "shapes": {"Node": {"type": "structure", "members": {"Below": {"shape": "Nodes"}}},
                 "Nodes": {"type": "list", "flattened": true, "member": {"shape": "Node"}}}})");
  auto nested = [](int levels) {
    std::string opened, closed;
    for (int i = 0; i < levels; ++i) {
      opened += "<Below>";
      closed += "</Below>";
    }
    return net::HttpResponse{200, {}, "<GoResponse>" + opened + closed + "</GoResponse>"};
  };
  const Operation& operation = service->operation("Go");
  int deepest = 0;
  for (int levels = 1; levels < 128; ++levels)
    try {
      read_json(write_json(aws::parse(*service, operation, nested(levels))));
      deepest = levels;
    } catch (const Error& error) {
      EXPECT_EQ(std::string(error.what()).substr(0, 3), "XML") << error.what();
    }
  EXPECT_EQ(deepest, 60);
}

TEST(Parse, DocumentTypesAndTheirEntitiesAreRefused) {
  const std::string bomb = R"(<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<DescribeVpcsResponse><vpcSet><item><vpcId>&b;</vpcId></item></vpcSet></DescribeVpcsResponse>)";
  EXPECT_THROW(parse("ec2", "DescribeVpcs", bomb), Error);
  EXPECT_EQ(parse_error("ec2", "<!DOCTYPE html><html><body>no such thing</body></html>").code, "");
}

TEST(Parse, TextThatIsNotUtf8IsAnError) {
  auto vpc = [](const std::string& id) {
    return "<DescribeVpcsResponse><vpcSet><item><vpcId>" + id + "</vpcId></item></vpcSet></DescribeVpcsResponse>";
  };
  EXPECT_NO_THROW(parse("ec2", "DescribeVpcs", vpc("\xC3\xA9&#xe9;")));
  EXPECT_THROW(parse("ec2", "DescribeVpcs", vpc("\xFF")), Error);
  for (const char* reference : {"&#xD800;", "&#57343;", "&#0;", "&#x110000;", "&#x100000041;"})
    EXPECT_THROW(parse("ec2", "DescribeVpcs", vpc(reference)), Error) << reference;
  EXPECT_NO_THROW(parse("ec2", "DescribeVpcs", vpc("&#; &#x; &#x1;&#65 &#xx")));
  EXPECT_THROW(parse("ec2", "DescribeVpcs", vpc("x") + "<!-- \xFF -->"), Error);
  EXPECT_THROW(parse("ecr", "DescribeRepositories", "{\"nextToken\":\"\xFF\"}"), Error);
}

TEST(ParseError, FindsCodeMessageAndRequestId) {
  ServiceError ec2 = parse_error("ec2", "<Response><Errors><Error><Code>InvalidVpcID.NotFound</Code><Message>no such"
                                        "</Message></Error></Errors><RequestID>r</RequestID></Response>");
  EXPECT_EQ(ec2.code, "InvalidVpcID.NotFound");
  EXPECT_EQ(ec2.message, "no such");
  EXPECT_EQ(ec2.request_id, "r");
  ServiceError query =
      parse_error("sts", "<ErrorResponse xmlns='x'><Error><Type>Sender</Type><Code>InvalidClientTokenId"
                         "</Code></Error><RequestId>r</RequestId></ErrorResponse>");
  EXPECT_EQ(query.code, "InvalidClientTokenId");
  EXPECT_EQ(query.request_id, "r");
  ServiceError json = parse_error("ecr", R"({"__type":"com.amazonaws.ecr#RepositoryNotFoundException","message":"m"})",
                                  {{"x-amzn-requestid", "r"}});
  EXPECT_EQ(json.code, "RepositoryNotFoundException");
  EXPECT_EQ(json.message, "m");
  EXPECT_EQ(json.request_id, "r");
  EXPECT_EQ(parse_error("ecr", "", {{"x-amzn-errortype", "a#ThrottlingException:http://x"}}).code,
            "ThrottlingException");
}

TEST(ParseError, TheBodyDecidesNotTheProtocol) {
  ServiceError error = parse_error("ecr", "\n<ErrorResponse><Errors><Error><Code>AccessDeniedException</Code>"
                                          "<Message>no</Message></Error></Errors></ErrorResponse>");
  EXPECT_EQ(error.code, "AccessDeniedException");
  EXPECT_EQ(error.message, "no");
  EXPECT_EQ(parse_error("ec2", R"({"__type":"Throttling"})").code, "Throttling");
}

TEST(ParseError, HeadersThatAreNotUtf8AreLeftOut) {
  ServiceError error =
      parse_error("ecr", R"({"__type":"Throttling"})", {{"x-amzn-errortype", "\xFF"}, {"x-amzn-requestid", "\xFF"}});
  EXPECT_EQ(error.code, "Throttling");
  EXPECT_EQ(error.request_id, "");
}

TEST(ParseError, NeverThrows) {
  for (const char* body : {"", "  ", "<", "<html>", "garbage", "{", "[]", "\xFF\xFE", "{\"__type\":1}", "<Error/>"}) {
    EXPECT_EQ(parse_error("ecr", body).code, "") << body;
    EXPECT_EQ(parse_error("ec2", body).code, "") << body;
  }
}

} // namespace iasql::aws
