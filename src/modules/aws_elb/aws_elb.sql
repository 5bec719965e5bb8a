CREATE TABLE public.load_balancer (
  id serial PRIMARY KEY,
  load_balancer_name text NOT NULL,
  load_balancer_arn text,
  dns_name text,
  canonical_hosted_zone_id text,
  created_time timestamptz,
  scheme text NOT NULL,
  state text,
  load_balancer_type text NOT NULL,
  vpc text NOT NULL,
  subnets text[],
  availability_zones text[],
  ip_address_type text NOT NULL,
  customer_owned_ipv4_pool text,
  region text,
  tags jsonb,
  CONSTRAINT load_balancer_region_given CHECK (region IS NOT NULL),
  CONSTRAINT load_balancer_region_fkey FOREIGN KEY (region) REFERENCES public.aws_regions (region),
  CONSTRAINT load_balancer_name_key UNIQUE (load_balancer_name, region)
);

COMMENT ON TABLE public.load_balancer IS
  'Load balancers (Elastic Load Balancing v2). Creating one takes minutes: apply waits until AWS says that it is active.';
COMMENT ON COLUMN public.load_balancer.id IS 'Key. The row''s number in this database.';
COMMENT ON COLUMN public.load_balancer.load_balancer_name IS
  'Input, required. The name, at most 32 letters, digits and hyphens. A change replaces the load balancer.';
COMMENT ON COLUMN public.load_balancer.load_balancer_arn IS 'Output. The Amazon resource name.';
COMMENT ON COLUMN public.load_balancer.dns_name IS 'Output. The host name under which it is reached.';
COMMENT ON COLUMN public.load_balancer.canonical_hosted_zone_id IS 'Output. The Route 53 zone of its host name.';
COMMENT ON COLUMN public.load_balancer.created_time IS 'Output. When it was created.';
COMMENT ON COLUMN public.load_balancer.scheme IS
  'Input, required. internet-facing or internal; empty for a gateway, which has none. A change replaces the load balancer.';
COMMENT ON COLUMN public.load_balancer.state IS 'Output. provisioning, active, active_impaired or failed.';
COMMENT ON COLUMN public.load_balancer.load_balancer_type IS
  'Input, required. application, network or gateway. A change replaces the load balancer.';
COMMENT ON COLUMN public.load_balancer.vpc IS
  'Input, required. The id of its VPC in AWS (vpc.vpc_id), or default for the region''s default VPC. A change replaces the load balancer.';
COMMENT ON COLUMN public.load_balancer.subnets IS
  'Input. The ids in AWS of its subnets (subnet.subnet_id), one in each zone; where NULL all of the VPC''s in the zones that availability_zones names. A change updates the load balancer.';
COMMENT ON COLUMN public.load_balancer.availability_zones IS
  'Input. The zones of its subnets; where NULL all that the VPC has subnets in. A change updates the load balancer: it moves to the VPC''s subnets in these zones.';
COMMENT ON COLUMN public.load_balancer.ip_address_type IS
  'Input, required. ipv4, dualstack or dualstack-without-public-ipv4. A change updates the load balancer.';
COMMENT ON COLUMN public.load_balancer.customer_owned_ipv4_pool IS
  'Input. The address pool of an Outpost. A change replaces the load balancer.';
COMMENT ON COLUMN public.load_balancer.region IS
  'Input. The AWS region; default_aws_region() where NULL. A change replaces the load balancer.';
COMMENT ON COLUMN public.load_balancer.tags IS
  'Input. AWS tags as an object of strings. A change updates the load balancer.';

CREATE TABLE public.target_group (
  id serial PRIMARY KEY,
  target_group_name text NOT NULL,
  target_type text NOT NULL,
  target_group_arn text,
  ip_address_type text,
  protocol text,
  port integer,
  vpc text NOT NULL,
  health_check_protocol text,
  health_check_port text,
  health_check_enabled boolean,
  health_check_interval_seconds integer,
  health_check_timeout_seconds integer,
  healthy_threshold_count integer,
  unhealthy_threshold_count integer,
  health_check_path text,
  protocol_version text,
  region text,
  tags jsonb,
  CONSTRAINT target_group_region_given CHECK (region IS NOT NULL),
  CONSTRAINT target_group_region_fkey FOREIGN KEY (region) REFERENCES public.aws_regions (region),
  CONSTRAINT target_group_name_key UNIQUE (target_group_name, region)
);

COMMENT ON TABLE public.target_group IS
  'Target groups (Elastic Load Balancing v2): where listeners send what they receive, and how the health of the targets is checked.';
COMMENT ON COLUMN public.target_group.id IS 'Key. The row''s number in this database.';
COMMENT ON COLUMN public.target_group.target_group_name IS
  'Input, required. The name, at most 32 letters, digits and hyphens. A change replaces the target group.';
COMMENT ON COLUMN public.target_group.target_type IS
  'Input, required. instance, ip (for Fargate), lambda or alb. A change replaces the target group.';
COMMENT ON COLUMN public.target_group.target_group_arn IS 'Output. The Amazon resource name.';
COMMENT ON COLUMN public.target_group.ip_address_type IS
  'Input. ipv4 or ipv6; AWS''s default where NULL. A change replaces the target group.';
COMMENT ON COLUMN public.target_group.protocol IS
  'Input, required by AWS unless the target type is lambda. HTTP, HTTPS, TCP, TLS, UDP, TCP_UDP or GENEVE. A change replaces the target group.';
COMMENT ON COLUMN public.target_group.port IS
  'Input, required by AWS unless the target type is lambda. The port on which targets listen. A change replaces the target group.';
COMMENT ON COLUMN public.target_group.vpc IS
  'Input, required. The id of the targets'' VPC in AWS (vpc.vpc_id), or default for the region''s default VPC; empty for lambda. A change replaces the target group.';
COMMENT ON COLUMN public.target_group.health_check_protocol IS
  'Input. The protocol of health checks; AWS''s default where NULL. A change updates the target group.';
COMMENT ON COLUMN public.target_group.health_check_port IS
  'Input. The port of health checks, or traffic-port, the default, for the targets'' own. A change updates the target group.';
COMMENT ON COLUMN public.target_group.health_check_enabled IS
  'Input. Whether health is checked; AWS''s default where NULL. A change updates the target group.';
COMMENT ON COLUMN public.target_group.health_check_interval_seconds IS
  'Input. Seconds between two checks of a target, 5 to 300; AWS''s default where NULL. A change updates the target group.';
COMMENT ON COLUMN public.target_group.health_check_timeout_seconds IS
  'Input. Seconds without an answer that fail a check, 2 to 120; AWS''s default where NULL. A change updates the target group.';
COMMENT ON COLUMN public.target_group.healthy_threshold_count IS
  'Input. Successful checks in a row that make a target healthy, 2 to 10; AWS''s default where NULL. A change updates the target group.';
COMMENT ON COLUMN public.target_group.unhealthy_threshold_count IS
  'Input. Failed checks in a row that make a target unhealthy, 2 to 10; AWS''s default where NULL. A change updates the target group.';
COMMENT ON COLUMN public.target_group.health_check_path IS
  'Input. The path that HTTP checks ask for; AWS''s default, /, where NULL. A change updates the target group.';
COMMENT ON COLUMN public.target_group.protocol_version IS
  'Input. HTTP1, HTTP2 or GRPC, for HTTP and HTTPS; AWS''s default where NULL. A change replaces the target group.';
COMMENT ON COLUMN public.target_group.region IS
  'Input. The AWS region; default_aws_region() where NULL. A change replaces the target group.';
COMMENT ON COLUMN public.target_group.tags IS
  'Input. AWS tags as an object of strings. A change updates the target group.';

CREATE TABLE public.listener (
  id serial PRIMARY KEY,
  listener_arn text,
  port integer NOT NULL,
  protocol text NOT NULL,
  action_type text DEFAULT 'forward',
  load_balancer_id integer NOT NULL REFERENCES public.load_balancer (id),
  target_group_id integer REFERENCES public.target_group (id),
  region text,
  tags jsonb,
  CONSTRAINT listener_action_type_given CHECK (action_type IS NOT NULL),
  CONSTRAINT listener_region_given CHECK (region IS NOT NULL),
  CONSTRAINT listener_region_fkey FOREIGN KEY (region) REFERENCES public.aws_regions (region),
  CONSTRAINT listener_port_key UNIQUE (load_balancer_id, port, region)
);

COMMENT ON TABLE public.listener IS
  'Listeners of load balancers (Elastic Load Balancing v2): on which port one listens, and where what it receives goes.';
COMMENT ON COLUMN public.listener.id IS 'Key. The row''s number in this database.';
COMMENT ON COLUMN public.listener.listener_arn IS 'Output. The Amazon resource name.';
COMMENT ON COLUMN public.listener.port IS
  'Input, required. The port, 1 to 65535, one listener for each. A change updates the listener.';
COMMENT ON COLUMN public.listener.protocol IS
  'Input, required. HTTP or HTTPS for an application load balancer; TCP, TLS, UDP or TCP_UDP for a network load balancer. A change updates the listener.';
COMMENT ON COLUMN public.listener.action_type IS
  'Input. What the first default action does: forward, the default, is the one that iasql can make. A change updates the listener.';
COMMENT ON COLUMN public.listener.load_balancer_id IS
  'Input, required. The load balancer it belongs to: a row of load_balancer, by its number. A change replaces the listener.';
COMMENT ON COLUMN public.listener.target_group_id IS
  'Input, required by AWS to forward. The target group: a row of target_group, by its number. A change updates the listener.';
COMMENT ON COLUMN public.listener.region IS
  'Input. The AWS region; the load balancer''s where NULL. A change replaces the listener.';
COMMENT ON COLUMN public.listener.tags IS 'Input. AWS tags as an object of strings. A change updates the listener.';

CREATE TABLE public.load_balancer_security_groups (
  load_balancer_id integer NOT NULL REFERENCES public.load_balancer (id) ON DELETE CASCADE ON UPDATE CASCADE,
  security_group_id integer NOT NULL REFERENCES public.security_group (id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT load_balancer_security_groups_pkey PRIMARY KEY (load_balancer_id, security_group_id)
);

COMMENT ON TABLE public.load_balancer_security_groups IS
  'Which security groups a load balancer has; AWS gives one without any its VPC''s default group. A change updates the load balancer.';
COMMENT ON COLUMN public.load_balancer_security_groups.load_balancer_id IS
  'Key, input, required. The load balancer: a row of load_balancer, by its number.';
COMMENT ON COLUMN public.load_balancer_security_groups.security_group_id IS
  'Key, input, required. The group: a row of security_group, by its number.';
