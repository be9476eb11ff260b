#!/bin/sh
# Runs once, when the volume is empty. The owner migrates; the application may read and write rows
# but owns nothing, so that it cannot take the triggers off the audit trail.
set -eu
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" \
  -v owner_password="$MINGSHU_OWNER_PASSWORD" -v app_password="$MINGSHU_APP_PASSWORD" <<'SQL'
CREATE ROLE mingshu_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE mingshu_app LOGIN PASSWORD :'app_password';
CREATE DATABASE mingshu OWNER mingshu_owner;
\connect mingshu
REVOKE ALL ON DATABASE mingshu FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE mingshu TO mingshu_app;
ALTER SCHEMA public OWNER TO mingshu_owner;
GRANT USAGE ON SCHEMA public TO mingshu_app;
ALTER DEFAULT PRIVILEGES FOR ROLE mingshu_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO mingshu_app;
ALTER DEFAULT PRIVILEGES FOR ROLE mingshu_owner IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO mingshu_app;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;
SQL
