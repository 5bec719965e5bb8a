#include "modules/aws_security_group/hooks.hpp"

#include "base/error.hpp"

namespace iasql::modules {

using namespace engine;

namespace {

bool is_egress(const Row& rule) {
  const Value& egress = rule.get("is_egress");
  if (!egress.is_boolean()) throw Error(sqlstate::missing_value, "security_group_rule needs a value for is_egress");
  return egress.boolean();
}

// How each kind of peer is written: in a new permission the list it goes in and its member there, in a change its
// member.
struct Peer {
  const char *column, *list, *member, *changed_member;
};
constexpr Peer peers[] = {{"cidr_ipv4", "IpRanges", "CidrIp", "CidrIpv4"},
                          {"cidr_ipv6", "Ipv6Ranges", "CidrIpv6", "CidrIpv6"},
                          {"prefix_list_id", "PrefixListIds", "PrefixListId", "PrefixListId"},
                          {"referenced_group_id", "UserIdGroupPairs", "GroupId", "ReferencedGroupId"}};

// Where a rule is for all protocols it is for all ports too, whatever the row says.
void set_ports(Object& target, const Value& protocol, const Value& from_port, const Value& to_port) {
  if (protocol == Value("-1")) return;
  if (is_given(from_port)) target.set("FromPort", from_port);
  if (is_given(to_port)) target.set("ToPort", to_port);
}

Value permission(const Row& rule) {
  Object permission;
  permission.set("IpProtocol", rule.get("ip_protocol"));
  set_ports(permission, rule.get("ip_protocol"), rule.get("from_port"), rule.get("to_port"));
  for (const Peer& peer : peers) {
    if (!is_given(rule.get(peer.column))) continue;
    Object range;
    range.set(peer.member, rule.get(peer.column));
    if (is_given(rule.get("description"))) range.set("Description", rule.get("description"));
    permission.set(peer.list, Array{range});
  }
  return permission;
}

// AWS takes the whole rule as it shall be: what the row leaves open stays as it is. The peer is of the kind it was,
// because another kind is a replace.
Value modified(const Row& row, const Row& base) {
  const auto wanted = [&](const char* column) {
    return row.get(column).is_null() ? base.get(column) : row.get(column);
  };
  Object rule;
  rule.set("IpProtocol", wanted("ip_protocol"));
  if (wanted("ip_protocol") == Value("-1")) {
    // Left out, they would be missing rather than all.
    rule.set("FromPort", -1);
    rule.set("ToPort", -1);
  }
  set_ports(rule, wanted("ip_protocol"), wanted("from_port"), wanted("to_port"));
  for (const Peer& peer : peers)
    if (is_given(wanted(peer.column))) rule.set(peer.changed_member, wanted(peer.column));
  if (!wanted("description").is_null()) rule.set("Description", wanted("description"));
  return rule;
}

} // namespace

Request security_group_rule_request(Action action, const Row& row, const Row& base, const std::string& cloud_id) {
  Object input;
  if (action == Action::update) {
    Object change;
    change.set("SecurityGroupRuleId", cloud_id);
    change.set("SecurityGroupRule", modified(row, base));
    input.set("GroupId", base.get("security_group_id"));
    input.set("SecurityGroupRules", Array{change});
    return {"ModifySecurityGroupRules", input};
  }
  input.set("GroupId", row.get("security_group_id"));
  const std::string direction = is_egress(row) ? "Egress" : "Ingress";
  if (action == Action::remove) {
    input.set("SecurityGroupRuleIds", Array{cloud_id});
    return {"RevokeSecurityGroup" + direction, input};
  }
  input.set("IpPermissions", Array{permission(row)});
  return {"AuthorizeSecurityGroup" + direction, input};
}

} // namespace iasql::modules
