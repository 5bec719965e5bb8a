-- Nobody but the extension's owner may do anything until iasql.repair() gives the database's owner the rights to use
-- iasql and to pass them on. The trigger's function is reached through the tables alone.

REVOKE ALL ON SCHEMA iasql FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA iasql FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA iasql FROM PUBLIC;
