CREATE TABLE public.vpc (
  id serial PRIMARY KEY,
  vpc_id text,
  cidr_block text NOT NULL,
  state text,
  is_default boolean DEFAULT false,
  region text,
  tags jsonb,
  CONSTRAINT vpc_is_default_given CHECK (is_default IS NOT NULL),
  CONSTRAINT vpc_region_given CHECK (region IS NOT NULL),
  CONSTRAINT vpc_region_fkey FOREIGN KEY (region) REFERENCES public.aws_regions (region)
);

CREATE UNIQUE INDEX vpc_vpc_id_region_key ON public.vpc (vpc_id, region) WHERE vpc_id IS NOT NULL;

COMMENT ON TABLE public.vpc IS
  'Virtual private clouds (EC2). The default VPC of a region is AWS''s own: it is never deleted or replaced.';
COMMENT ON COLUMN public.vpc.id IS 'Key. The row''s number in this database.';
COMMENT ON COLUMN public.vpc.vpc_id IS 'Output. AWS''s id, vpc-….';
COMMENT ON COLUMN public.vpc.cidr_block IS 'Input, required. The IPv4 network, between /16 and /28. A change replaces the VPC.';
COMMENT ON COLUMN public.vpc.state IS 'Output. pending or available.';
COMMENT ON COLUMN public.vpc.is_default IS 'Output. Whether it is the region''s default VPC.';
COMMENT ON COLUMN public.vpc.region IS 'Input. The AWS region; default_aws_region() where NULL. A change replaces the VPC.';
COMMENT ON COLUMN public.vpc.tags IS 'Input. AWS tags as an object of strings. A change updates the VPC.';

CREATE TABLE public.subnet (
  id serial PRIMARY KEY,
  availability_zone text NOT NULL,
  state text,
  available_ip_address_count integer,
  cidr_block text,
  subnet_id text,
  owner_id text,
  subnet_arn text,
  vpc_id integer NOT NULL REFERENCES public.vpc (id),
  region text,
  tags jsonb,
  CONSTRAINT subnet_region_given CHECK (region IS NOT NULL),
  CONSTRAINT subnet_region_fkey FOREIGN KEY (region) REFERENCES public.aws_regions (region)
);

COMMENT ON TABLE public.subnet IS
  'Subnets of VPCs (EC2). The default subnet of an availability zone is AWS''s own: it is never deleted or replaced.';
COMMENT ON COLUMN public.subnet.id IS 'Key. The row''s number in this database.';
COMMENT ON COLUMN public.subnet.availability_zone IS
  'Input, required. The zone, such as eu-west-2a. A change replaces the subnet.';
COMMENT ON COLUMN public.subnet.state IS 'Output. pending, available, unavailable or failed.';
COMMENT ON COLUMN public.subnet.available_ip_address_count IS 'Output. How many IPv4 addresses are free.';
COMMENT ON COLUMN public.subnet.cidr_block IS
  'Input, required by AWS. The IPv4 network, within the VPC''s. A change replaces the subnet.';
COMMENT ON COLUMN public.subnet.subnet_id IS 'Output. AWS''s id, subnet-….';
COMMENT ON COLUMN public.subnet.owner_id IS 'Output. The account that owns it.';
COMMENT ON COLUMN public.subnet.subnet_arn IS 'Output. The Amazon resource name.';
COMMENT ON COLUMN public.subnet.vpc_id IS
  'Input, required. The VPC it is in: a row of vpc, by its number (vpc.id). A change replaces the subnet.';
COMMENT ON COLUMN public.subnet.region IS 'Input. The AWS region; the VPC''s where NULL. A change replaces the subnet.';
COMMENT ON COLUMN public.subnet.tags IS 'Input. AWS tags as an object of strings. A change updates the subnet.';
