-- The account that this database stands for, and the regions in which its modules look. Both tables describe the
-- account and are no objects of AWS: installing fills them, and no plan to apply mentions them.

CREATE TABLE public.aws_account (
  id serial PRIMARY KEY,
  access_key_id text NOT NULL,
  region text NOT NULL,
  account_id text
);

COMMENT ON TABLE public.aws_account IS 'The connected AWS account: one row, no secret. Made by "iasql connect".';
COMMENT ON COLUMN public.aws_account.id IS 'Key. The row''s number in this database.';
COMMENT ON COLUMN public.aws_account.access_key_id IS 'Output. The access key in use. "iasql connect" changes it.';
COMMENT ON COLUMN public.aws_account.region IS 'Output. The region given to "iasql connect".';
COMMENT ON COLUMN public.aws_account.account_id IS 'Output. The account''s twelve digits.';

CREATE TABLE public.aws_regions (
  region text PRIMARY KEY,
  is_default boolean DEFAULT false,
  is_enabled boolean DEFAULT false,
  CONSTRAINT aws_regions_is_default_given CHECK (is_default IS NOT NULL),
  CONSTRAINT aws_regions_is_enabled_given CHECK (is_enabled IS NOT NULL),
  CONSTRAINT aws_regions_default_is_enabled CHECK (is_enabled OR NOT is_default)
);

CREATE UNIQUE INDEX aws_regions_one_default ON public.aws_regions (is_default) WHERE is_default;

COMMENT ON TABLE public.aws_regions IS 'The regions that the account may use, and those of them in which iasql works.';
COMMENT ON COLUMN public.aws_regions.region IS 'Key. The region''s name in AWS, such as eu-west-2.';
COMMENT ON COLUMN public.aws_regions.is_default IS
  'Input. Whether new rows that name no region belong to this one; true for at most one row. Set it with default_aws_region(region).';
COMMENT ON COLUMN public.aws_regions.is_enabled IS
  'Input. Whether iasql works in the region. After true, the next iasql_sync() imports what is there; after false, it removes the rows of that region, and AWS keeps the objects.';

CREATE FUNCTION public.default_aws_region() RETURNS text
  LANGUAGE sql STABLE SECURITY INVOKER
  SET search_path = pg_catalog, pg_temp
  AS $$ SELECT region FROM public.aws_regions WHERE is_default $$;

COMMENT ON FUNCTION public.default_aws_region() IS
  $$The region that new rows belong to when they name none; NULL where no region is the default.
Example: SELECT default_aws_region();$$;

CREATE FUNCTION public.default_aws_region(new_default text) RETURNS text
  LANGUAGE plpgsql VOLATILE SECURITY INVOKER
  SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  enabled boolean;
BEGIN
  SELECT is_enabled INTO enabled FROM public.aws_regions WHERE region = new_default;
  IF enabled IS NULL THEN
    RAISE EXCEPTION 'there is no region "%" in aws_regions', new_default USING ERRCODE = 'invalid_parameter_value';
  ELSIF NOT enabled THEN
    RAISE EXCEPTION 'region % is not enabled', new_default
      USING ERRCODE = 'invalid_parameter_value',
            HINT = format('UPDATE aws_regions SET is_enabled = true WHERE region = %L', new_default);
  END IF;
  -- Two statements, because the index that allows one default is checked row by row.
  UPDATE public.aws_regions SET is_default = false WHERE is_default AND region <> new_default;
  UPDATE public.aws_regions SET is_default = true WHERE NOT is_default AND region = new_default;
  RETURN new_default;
END $$;

COMMENT ON FUNCTION public.default_aws_region(text) IS
  $$Makes an enabled region the default for new rows, and returns it. Existing rows keep theirs.
Example: SELECT default_aws_region('eu-west-2');$$;
