CREATE TABLE public.security_group (
  id serial PRIMARY KEY,
  description text,
  group_name text,
  owner_id text,
  group_id text,
  vpc_id text,
  region text,
  tags jsonb,
  CONSTRAINT security_group_region_given CHECK (region IS NOT NULL),
  CONSTRAINT security_group_region_fkey FOREIGN KEY (region) REFERENCES public.aws_regions (region)
);

COMMENT ON TABLE public.security_group IS
  'Security groups (EC2). The group named default of each VPC is AWS''s own: it is never deleted or replaced.';
COMMENT ON COLUMN public.security_group.id IS 'Key. The row''s number in this database.';
COMMENT ON COLUMN public.security_group.description IS
  'Input, required by AWS. What the group is for, at most 255 characters. A change replaces the group.';
COMMENT ON COLUMN public.security_group.group_name IS
  'Input, required by AWS. The name, unique within its VPC, not beginning with sg-. A change replaces the group.';
COMMENT ON COLUMN public.security_group.owner_id IS 'Output. The account that owns it.';
COMMENT ON COLUMN public.security_group.group_id IS 'Output. AWS''s id, sg-….';
COMMENT ON COLUMN public.security_group.vpc_id IS
  'Input. The id of its VPC in AWS (vpc.vpc_id, not vpc.id); the region''s default VPC where NULL. A change replaces the group.';
COMMENT ON COLUMN public.security_group.region IS
  'Input. The AWS region; default_aws_region() where NULL. A change replaces the group.';
COMMENT ON COLUMN public.security_group.tags IS 'Input. AWS tags as an object of strings. A change updates the group.';

CREATE TABLE public.security_group_rule (
  id serial PRIMARY KEY,
  security_group_rule_id text,
  is_egress boolean NOT NULL,
  ip_protocol text NOT NULL,
  from_port integer,
  to_port integer,
  cidr_ipv4 cidr,
  cidr_ipv6 cidr,
  prefix_list_id text,
  description text,
  security_group_id integer REFERENCES public.security_group (id),
  referenced_group_id text,
  region text,
  tags jsonb,
  CONSTRAINT security_group_rule_region_given CHECK (region IS NOT NULL),
  CONSTRAINT security_group_rule_region_fkey FOREIGN KEY (region) REFERENCES public.aws_regions (region),
  CONSTRAINT security_group_rule_one_peer
    CHECK (num_nonnulls(cidr_ipv4, cidr_ipv6, nullif(prefix_list_id, ''), nullif(referenced_group_id, '')) = 1),
  CONSTRAINT security_group_rule_once UNIQUE NULLS NOT DISTINCT (security_group_id, is_egress, ip_protocol, from_port,
    to_port, cidr_ipv4, cidr_ipv6, prefix_list_id, referenced_group_id, region)
);

COMMENT ON TABLE public.security_group_rule IS
  'What a security group lets in (ingress) and out (egress): one peer in each row, which is one of cidr_ipv4, cidr_ipv6, prefix_list_id and referenced_group_id.';
COMMENT ON COLUMN public.security_group_rule.id IS 'Key. The row''s number in this database.';
COMMENT ON COLUMN public.security_group_rule.security_group_rule_id IS 'Output. AWS''s id, sgr-….';
COMMENT ON COLUMN public.security_group_rule.is_egress IS
  'Input, required. true for traffic out of the group, false for traffic into it. A change replaces the rule.';
COMMENT ON COLUMN public.security_group_rule.ip_protocol IS
  'Input, required. tcp, udp, icmp, icmpv6, a protocol number, or -1 for all. A change updates the rule.';
COMMENT ON COLUMN public.security_group_rule.from_port IS
  'Input. The first port, or the ICMP type; -1 for all. AWS makes it -1 where ip_protocol is -1. A change updates the rule.';
COMMENT ON COLUMN public.security_group_rule.to_port IS
  'Input. The last port, or the ICMP code; -1 for all. AWS makes it -1 where ip_protocol is -1. A change updates the rule.';
COMMENT ON COLUMN public.security_group_rule.cidr_ipv4 IS
  'Input. The peers as an IPv4 network. A change updates the rule; another kind of peer replaces it.';
COMMENT ON COLUMN public.security_group_rule.cidr_ipv6 IS
  'Input. The peers as an IPv6 network. A change updates the rule; another kind of peer replaces it.';
COMMENT ON COLUMN public.security_group_rule.prefix_list_id IS
  'Input. The peers as a prefix list of AWS, pl-…. A change updates the rule; another kind of peer replaces it.';
COMMENT ON COLUMN public.security_group_rule.description IS
  'Input. What the rule is for, at most 255 characters. A change updates the rule.';
COMMENT ON COLUMN public.security_group_rule.security_group_id IS
  'Input, required by AWS. The group it belongs to: a row of security_group, by its number. A change replaces the rule.';
COMMENT ON COLUMN public.security_group_rule.referenced_group_id IS
  'Input. The peers as the members of a group, by its id in AWS (security_group.group_id). A change updates the rule; another kind of peer replaces it.';
COMMENT ON COLUMN public.security_group_rule.region IS
  'Input. The AWS region; the group''s where NULL. A change replaces the rule.';
COMMENT ON COLUMN public.security_group_rule.tags IS 'Input. AWS tags as an object of strings. A change updates the rule.';
