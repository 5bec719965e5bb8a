CREATE TABLE public.rds (
  id serial PRIMARY KEY,
  db_instance_identifier text NOT NULL,
  allocated_storage integer NOT NULL,
  availability_zone text NOT NULL,
  db_instance_class text NOT NULL,
  engine text NOT NULL,
  master_user_password text,
  master_username text,
  endpoint_addr text,
  endpoint_port integer,
  endpoint_hosted_zone_id text,
  backup_retention_period integer DEFAULT 1,
  skip_final_snapshot boolean DEFAULT false,
  arn text,
  region text,
  tags jsonb,
  CONSTRAINT rds_backup_retention_period_given CHECK (backup_retention_period IS NOT NULL),
  CONSTRAINT rds_skip_final_snapshot_given CHECK (skip_final_snapshot IS NOT NULL),
  CONSTRAINT rds_region_given CHECK (region IS NOT NULL),
  CONSTRAINT rds_region_fkey FOREIGN KEY (region) REFERENCES public.aws_regions (region)
);

-- AWS keeps the names in lower case.
CREATE UNIQUE INDEX rds_db_instance_identifier_key ON public.rds (lower(db_instance_identifier), region);

COMMENT ON TABLE public.rds IS
  'Database instances (RDS), those of clusters left out. Deleting one deletes its data, after a final snapshot unless skip_final_snapshot.';
COMMENT ON COLUMN public.rds.id IS 'Key. The row''s number in this database.';
COMMENT ON COLUMN public.rds.db_instance_identifier IS
  'Input, required. The name, 1 to 63 letters, digits and hyphens; capitals do not count. A change replaces the instance and loses its data.';
COMMENT ON COLUMN public.rds.allocated_storage IS
  'Input, required. GiB of storage; AWS lets it grow only. A change updates the instance.';
COMMENT ON COLUMN public.rds.availability_zone IS
  'Input, required. The zone, such as eu-west-2a. A change replaces the instance and loses its data.';
COMMENT ON COLUMN public.rds.db_instance_class IS
  'Input, required. The size, such as db.t4g.micro. A change updates the instance, which is down for minutes.';
COMMENT ON COLUMN public.rds.engine IS
  'Input, required. The database system, such as postgres. A change replaces the instance and loses its data.';
COMMENT ON COLUMN public.rds.master_user_password IS
  'Input, required by AWS of a new instance. The first user''s password: sent and not kept, NULL once applied. A change updates the instance.';
COMMENT ON COLUMN public.rds.master_username IS
  'Input, required by AWS of a new instance. The first user''s name. A change replaces the instance and loses its data.';
COMMENT ON COLUMN public.rds.endpoint_addr IS 'Output. The host name that clients connect to.';
COMMENT ON COLUMN public.rds.endpoint_port IS 'Output. The port that clients connect to.';
COMMENT ON COLUMN public.rds.endpoint_hosted_zone_id IS 'Output. The Route 53 zone of the host name.';
COMMENT ON COLUMN public.rds.backup_retention_period IS
  'Input. Days that automatic backups are kept, 0 to 35, 1 by default; 0 for none. A change updates the instance.';
COMMENT ON COLUMN public.rds.skip_final_snapshot IS
  'Input. Whether the instance is deleted without a last snapshot, false by default; counts once applied. A change updates what iasql knows.';
COMMENT ON COLUMN public.rds.arn IS 'Output. The Amazon resource name.';
COMMENT ON COLUMN public.rds.region IS
  'Input. The AWS region; default_aws_region() where NULL. A change replaces the instance and loses its data.';
COMMENT ON COLUMN public.rds.tags IS 'Input. AWS tags as an object of strings. A change updates the instance.';

CREATE TABLE public.rds_security_groups (
  rds_id integer NOT NULL REFERENCES public.rds (id) ON DELETE CASCADE ON UPDATE CASCADE,
  security_group_id integer NOT NULL REFERENCES public.security_group (id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT rds_security_groups_pkey PRIMARY KEY (rds_id, security_group_id)
);

COMMENT ON TABLE public.rds_security_groups IS
  'The security groups of database instances. A change updates the instance; with none, AWS chooses its VPC''s default group.';
COMMENT ON COLUMN public.rds_security_groups.rds_id IS
  'Key, input, required. The instance: a row of rds, by its number (rds.id).';
COMMENT ON COLUMN public.rds_security_groups.security_group_id IS
  'Key, input, required. The group: a row of security_group, by its number (security_group.id).';
