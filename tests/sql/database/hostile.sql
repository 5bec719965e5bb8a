-- Objects that somebody put in the way: none is captured, none is run.
SET SESSION AUTHORIZATION iasql_test_owner;
CREATE SCHEMA iasql;
RESET SESSION AUTHORIZATION;
CREATE EXTENSION iasql;
DROP SCHEMA iasql;
CREATE EXTENSION iasql;

-- A table with a trap that would be sprung by whoever inserts into it
SET SESSION AUTHORIZATION iasql_test_owner;
CREATE TABLE public.iasql_module (name text);
CREATE FUNCTION public.trap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'trap sprung as %', current_user; END $$;
CREATE TRIGGER trap BEFORE INSERT OR DELETE ON public.iasql_module FOR EACH STATEMENT EXECUTE FUNCTION public.trap();
RESET SESSION AUTHORIZATION;
SELECT iasql.repair();
SET SESSION AUTHORIZATION iasql_test_owner;
DROP TABLE public.iasql_module;
RESET SESSION AUTHORIZATION;

-- A function of another owner under a short name
CREATE FUNCTION public.iasql_version() RETURNS text LANGUAGE sql AS $$ SELECT 'mine' $$;
SELECT iasql.repair();
DROP FUNCTION public.iasql_version();
SELECT iasql.repair();

-- Names that shadow what the functions use
SET SESSION AUTHORIZATION iasql_test_owner;
CREATE FUNCTION public.format(text, anyelement) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'trap sprung as %', current_user; END $$;
CREATE TEMPORARY TABLE pg_database (datname text, datdba oid);
CREATE TEMPORARY TABLE pg_proc (proname text);
SET search_path = pg_temp, public, pg_catalog;
SELECT iasql.repair();
SELECT * FROM public.iasql_version();
RESET search_path;
RESET SESSION AUTHORIZATION;

-- The trigger's function is of no use elsewhere
CREATE TABLE public.plain (id integer, region text);
CREATE TRIGGER plain_rows BEFORE INSERT ON public.plain FOR EACH ROW EXECUTE FUNCTION iasql.check_row();
INSERT INTO public.plain VALUES (1, NULL) RETURNING *;
CREATE TRIGGER plain_after AFTER INSERT ON public.plain FOR EACH ROW EXECUTE FUNCTION iasql.check_row();
INSERT INTO public.plain VALUES (2, NULL);
SELECT iasql.check_row();
