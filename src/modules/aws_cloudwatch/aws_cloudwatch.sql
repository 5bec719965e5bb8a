CREATE TABLE public.log_group (
  id serial PRIMARY KEY,
  log_group_name text NOT NULL,
  log_group_arn text,
  creation_time timestamptz,
  region text,
  tags jsonb,
  CONSTRAINT log_group_region_given CHECK (region IS NOT NULL),
  CONSTRAINT log_group_region_fkey FOREIGN KEY (region) REFERENCES public.aws_regions (region),
  CONSTRAINT log_group_name_key UNIQUE (log_group_name, region)
);

COMMENT ON TABLE public.log_group IS 'Log groups (CloudWatch Logs). Deleting one deletes its log events.';
COMMENT ON COLUMN public.log_group.id IS 'Key. The row''s number in this database.';
COMMENT ON COLUMN public.log_group.log_group_name IS
  'Input, required. The name, 1 to 512 characters of A-Z, a-z, 0-9 and . - _ / #. A change replaces the log group.';
COMMENT ON COLUMN public.log_group.log_group_arn IS 'Output. The Amazon resource name, without ":*" at its end.';
COMMENT ON COLUMN public.log_group.creation_time IS 'Output. When it was created.';
COMMENT ON COLUMN public.log_group.region IS
  'Input. The AWS region; default_aws_region() where NULL. A change replaces the log group.';
COMMENT ON COLUMN public.log_group.tags IS 'Input. AWS tags as an object of strings. A change updates the log group.';
