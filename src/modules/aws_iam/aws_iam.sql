CREATE TABLE public.role (
  arn text,
  role_name text PRIMARY KEY,
  assume_role_policy_document text NOT NULL,
  description text,
  attached_policies_arns text[],
  tags jsonb
);

COMMENT ON TABLE public.role IS
  'Roles (IAM), the same in all regions. Those of AWS''s own services (path /aws-service-role/) are never deleted or replaced.';
COMMENT ON COLUMN public.role.arn IS 'Output. The Amazon resource name.';
COMMENT ON COLUMN public.role.role_name IS
  'Key, input, required. The name, 1 to 64 characters of A-Z, a-z, 0-9 and + = , . @ _ -. A change replaces the role.';
COMMENT ON COLUMN public.role.assume_role_policy_document IS
  'Input, required. Who may take the role: the trust policy as JSON, compared by meaning, not by spelling. A change updates the role.';
COMMENT ON COLUMN public.role.description IS
  'Input. What the role is for, at most 1000 characters. A change updates the role.';
COMMENT ON COLUMN public.role.attached_policies_arns IS
  'Input. The ARNs of the managed policies that are attached, in any order; ''{}'' for none. A change updates the role.';
COMMENT ON COLUMN public.role.tags IS 'Input. AWS tags as an object of strings. A change updates the role.';
