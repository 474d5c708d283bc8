-- Two roles of PostgreSQL: one owns the tables and migrates them, the other serves the portal and can neither change the
-- tables nor what the log says. Run as the superuser after each `migrate` and `restore`; again and again without harm:
--
--   runuser -u postgres -- psql --dbname ten_points --set ON_ERROR_STOP=1 --file deploy/roles.sql
--
-- Both roles must exist (docs/operations.md). Other names: --set portal=… --set owner=…
\if :{?portal} \else \set portal ten_points \endif
\if :{?owner} \else \set owner ten_points_owner \endif

BEGIN;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO :"owner";
GRANT USAGE ON SCHEMA public TO :"portal";

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"portal";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO :"portal";
-- What later migrations create.
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"portal";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" GRANT USAGE, SELECT ON SEQUENCES TO :"portal";

-- Which migrations were applied: only the owner writes it.
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM :"portal";

-- The log of changes and the steps are only added to. One change remains, that of erasing a person: their pseudonym takes
-- the place of their address in what an entry says; a trigger lets nothing else through, and this role cannot drop it.
REVOKE UPDATE, DELETE ON auditlog_logentry, members_accessionstep, members_membershipstep FROM :"portal";
GRANT UPDATE (actor_email, object_repr, changes, changes_text, serialized_data, additional_data, remote_addr, remote_port)
    ON auditlog_logentry TO :"portal";
COMMIT;
