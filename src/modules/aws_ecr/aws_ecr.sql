CREATE TABLE public.public_repository (
  id serial PRIMARY KEY,
  repository_name text NOT NULL,
  repository_arn text,
  registry_id text,
  repository_uri text,
  created_at timestamptz,
  tags jsonb,
  CONSTRAINT public_repository_name_key UNIQUE (repository_name)
);

COMMENT ON TABLE public.public_repository IS
  'Public image repositories (ECR Public), in us-east-1 for every account. One that holds images is not deleted: AWS says so in an error.';
COMMENT ON COLUMN public.public_repository.id IS 'Key. The row''s number in this database.';
COMMENT ON COLUMN public.public_repository.repository_name IS
  'Input, required. The name, 2 to 205 characters in lower case. A change replaces the repository.';
COMMENT ON COLUMN public.public_repository.repository_arn IS 'Output. The Amazon resource name.';
COMMENT ON COLUMN public.public_repository.registry_id IS 'Output. The account whose registry it is in.';
COMMENT ON COLUMN public.public_repository.repository_uri IS 'Output. What "docker push" and "docker pull" take.';
COMMENT ON COLUMN public.public_repository.created_at IS 'Output. When it was created.';
COMMENT ON COLUMN public.public_repository.tags IS
  'Input. AWS tags as an object of strings. A change updates the repository.';

CREATE TABLE public.repository (
  id serial PRIMARY KEY,
  repository_name text NOT NULL,
  repository_arn text,
  registry_id text,
  repository_uri text,
  created_at timestamptz,
  image_tag_mutability text DEFAULT 'MUTABLE',
  scan_on_push boolean DEFAULT false,
  region text,
  tags jsonb,
  CONSTRAINT repository_image_tag_mutability_given CHECK (image_tag_mutability IS NOT NULL),
  CONSTRAINT repository_scan_on_push_given CHECK (scan_on_push IS NOT NULL),
  CONSTRAINT repository_region_given CHECK (region IS NOT NULL),
  CONSTRAINT repository_region_fkey FOREIGN KEY (region) REFERENCES public.aws_regions (region),
  CONSTRAINT repository_name_key UNIQUE (repository_name, region)
);

COMMENT ON TABLE public.repository IS
  'Private image repositories (ECR). One that holds images is not deleted: AWS says so in an error.';
COMMENT ON COLUMN public.repository.id IS 'Key. The row''s number in this database.';
COMMENT ON COLUMN public.repository.repository_name IS
  'Input, required. The name, 2 to 256 characters in lower case. A change replaces the repository.';
COMMENT ON COLUMN public.repository.repository_arn IS 'Output. The Amazon resource name.';
COMMENT ON COLUMN public.repository.registry_id IS 'Output. The account whose registry it is in.';
COMMENT ON COLUMN public.repository.repository_uri IS 'Output. What "docker push" and "docker pull" take.';
COMMENT ON COLUMN public.repository.created_at IS 'Output. When it was created.';
COMMENT ON COLUMN public.repository.image_tag_mutability IS
  'Input. MUTABLE (the default) or IMMUTABLE: whether a pushed image may take over another''s tag. A change updates the repository.';
COMMENT ON COLUMN public.repository.scan_on_push IS
  'Input. Whether images are scanned when pushed, false by default. A change updates the repository.';
COMMENT ON COLUMN public.repository.region IS
  'Input. The AWS region; default_aws_region() where NULL. A change replaces the repository.';
COMMENT ON COLUMN public.repository.tags IS 'Input. AWS tags as an object of strings. A change updates the repository.';

CREATE TABLE public.repository_policy (
  id serial PRIMARY KEY,
  registry_id text,
  policy_text text,
  repository_id integer NOT NULL REFERENCES public.repository (id),
  region text,
  CONSTRAINT repository_policy_region_given CHECK (region IS NOT NULL),
  CONSTRAINT repository_policy_region_fkey FOREIGN KEY (region) REFERENCES public.aws_regions (region),
  CONSTRAINT repository_policy_repository_key UNIQUE (repository_id, region)
);

COMMENT ON TABLE public.repository_policy IS 'Who may use a repository (ECR): at most one policy for each.';
COMMENT ON COLUMN public.repository_policy.id IS 'Key. The row''s number in this database.';
COMMENT ON COLUMN public.repository_policy.registry_id IS 'Output. The account whose registry the repository is in.';
COMMENT ON COLUMN public.repository_policy.policy_text IS
  'Input, required by AWS. The policy as JSON, compared by meaning, not by spelling. A change updates the policy.';
COMMENT ON COLUMN public.repository_policy.repository_id IS
  'Input, required. The repository: a row of repository, by its number. A change replaces the policy.';
COMMENT ON COLUMN public.repository_policy.region IS
  'Input. The AWS region; the repository''s where NULL. A change replaces the policy.';
