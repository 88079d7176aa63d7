-- Roles, schemas, runs. `kayoi db migrate` runs every file of this folder once, in the order of its number, in one
-- transaction, as a role that may create roles and schemas in this database.
--
--   kayoi         what the engine writes: runs, and a table for every layer, keyed by run; for staff
--   kayoi_public  views of the public layers, for portals
--
--   kayoi_owner   owns everything; nobody logs in as it
--   kayoi_writer  the engine: adds rows to runs that are not published yet, and calls functions; changes and deletes nothing
--   kayoi_reader  portals: kayoi_public alone
--   kayoi_staff   staff: the views of both schemas
--
-- Roles belong to the whole server, so they may be there already.
DO $$
DECLARE
  role_name text;
  kayoi_postgis text := (SELECT e.extnamespace::pg_catalog.regnamespace FROM pg_catalog.pg_extension e WHERE e.extname = 'postgis');
BEGIN
  FOREACH role_name IN ARRAY ARRAY['kayoi_owner', 'kayoi_writer', 'kayoi_reader', 'kayoi_staff'] LOOP
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = role_name) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', role_name);
    END IF;
    IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = role_name AND (rolsuper OR rolcreaterole OR rolbypassrls)) THEN
      RAISE EXCEPTION 'the role % is there already and may do more than it should; let an administrator run: ALTER ROLE % NOSUPERUSER NOCREATEROLE NOBYPASSRLS',
        role_name, role_name USING ERRCODE = 'KY008';
    END IF;
  END LOOP;
  -- who migrates makes objects in the owner's name
  IF NOT pg_catalog.pg_has_role('kayoi_owner', CASE WHEN current_setting('server_version_num')::integer >= 160000 THEN 'SET' ELSE 'MEMBER' END) THEN
    EXECUTE format('GRANT kayoi_owner TO %I', current_user);
  END IF;
  -- types and functions of PostGIS, wherever it was put
  FOREACH role_name IN ARRAY ARRAY['kayoi_owner', 'kayoi_writer', 'kayoi_reader', 'kayoi_staff'] LOOP
    IF NOT pg_catalog.has_schema_privilege(role_name, (SELECT e.extnamespace FROM pg_catalog.pg_extension e WHERE e.extname = 'postgis'), 'USAGE') THEN
      RAISE EXCEPTION 'the role % may not use the schema % of PostGIS; let an administrator run: GRANT USAGE ON SCHEMA % TO PUBLIC', role_name,
        kayoi_postgis, kayoi_postgis USING ERRCODE = 'KY008';
    END IF;
  END LOOP;
END $$;

CREATE SCHEMA kayoi AUTHORIZATION kayoi_owner;
CREATE SCHEMA kayoi_public AUTHORIZATION kayoi_owner;

SET LOCAL ROLE kayoi_owner;
REVOKE ALL ON SCHEMA kayoi, kayoi_public FROM PUBLIC;
GRANT USAGE ON SCHEMA kayoi TO kayoi_writer, kayoi_staff;
GRANT USAGE ON SCHEMA kayoi_public TO kayoi_reader, kayoi_staff, kayoi_writer;
-- a function of these schemas is for whom it is granted to
ALTER DEFAULT PRIVILEGES FOR ROLE kayoi_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
COMMENT ON SCHEMA kayoi IS '通いの場アクセス分析: 庁内用の結果 / kayoi: results for staff';
COMMENT ON SCHEMA kayoi_public IS '通いの場アクセス分析: 公開用の結果 / kayoi: results for the public';

CREATE TABLE kayoi.migration (
  version integer PRIMARY KEY,
  name text NOT NULL,
  checksum text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now(),
  engine text NOT NULL
);
COMMENT ON TABLE kayoi.migration IS '適用した定義の履歴 / migrations that were applied';

-- Errors that functions raise, by SQLSTATE:
--   KY001 a name that is not allowed     KY002 a column or geometry of another type    KY003 another CRS
--   KY004 a run's name that is taken     KY005 a run that is not to be changed         KY006 rows that are missing
--   KY007 a question with two answers    KY008 a role that may do too much or too little
CREATE TABLE kayoi.run (
  run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  municipality_code text NOT NULL CHECK (municipality_code <> '' AND octet_length(municipality_code) <= 63),
  municipality_name text,
  run_name text CHECK (run_name <> '' AND octet_length(run_name) <= 255),
  state text NOT NULL DEFAULT 'staging' CHECK (state IN ('staging', 'published', 'retired')),
  is_latest boolean NOT NULL DEFAULT false,
  engine_version text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  published_at timestamptz,
  srid integer NOT NULL,
  inputs_hash text,
  settings_hash text,
  people_date text,
  participants_date text,
  venues_date text,
  run_json jsonb,
  CHECK (is_latest = (state = 'published')),
  CHECK ((published_at IS NULL) = (state = 'staging')),
  CONSTRAINT run_one_latest EXCLUDE USING btree (municipality_code WITH =) WHERE (is_latest) DEFERRABLE
);
CREATE UNIQUE INDEX run_name_once ON kayoi.run (municipality_code, run_name) WHERE run_name IS NOT NULL;
COMMENT ON TABLE kayoi.run IS '分析の実行 / runs of the engine';
COMMENT ON COLUMN kayoi.run.run_id IS '実行番号 / number of the run';
COMMENT ON COLUMN kayoi.run.municipality_code IS '市区町村コード / code of the municipality';
COMMENT ON COLUMN kayoi.run.municipality_name IS '市区町村名 / name of the municipality';
COMMENT ON COLUMN kayoi.run.run_name IS '保存名（名前のある実行は変更も削除もされない） / name of a snapshot, which is never changed or pruned';
COMMENT ON COLUMN kayoi.run.state IS '状態: staging 準備中, published 公開中, retired 過去 / state';
COMMENT ON COLUMN kayoi.run.is_latest IS 'その市区町村の最新 / the latest of its municipality';
COMMENT ON COLUMN kayoi.run.engine_version IS 'プログラムの版 / version of the engine';
COMMENT ON COLUMN kayoi.run.started_at IS '開始日時 / started at';
COMMENT ON COLUMN kayoi.run.published_at IS '公開日時 / published at';
COMMENT ON COLUMN kayoi.run.srid IS '座標参照系 / CRS of the geometries';
COMMENT ON COLUMN kayoi.run.inputs_hash IS '入力のハッシュ / hash of the inputs';
COMMENT ON COLUMN kayoi.run.settings_hash IS '設定のハッシュ / hash of the settings';
COMMENT ON COLUMN kayoi.run.people_date IS '人口の基準日 / reference date of people';
COMMENT ON COLUMN kayoi.run.participants_date IS '参加者の基準日 / reference date of participants';
COMMENT ON COLUMN kayoi.run.venues_date IS '通いの場の基準日 / reference date of venues';
COMMENT ON COLUMN kayoi.run.run_json IS 'run.json の内容 / what run.json says';

-- Layers that have a table; made by kayoi.ensure_layer.
CREATE TABLE kayoi.layer (
  audience text NOT NULL CHECK (audience IN ('internal', 'public')),
  layer text NOT NULL,
  table_name name NOT NULL UNIQUE,
  view_name name NOT NULL, -- of the latest run
  title_ja text NOT NULL,
  title_en text NOT NULL,
  geometry_type text,
  srid integer,
  PRIMARY KEY (audience, layer)
);
COMMENT ON TABLE kayoi.layer IS 'レイヤの一覧 / layers that have a table';

CREATE TABLE kayoi.run_layer (
  run_id bigint NOT NULL REFERENCES kayoi.run ON DELETE CASCADE,
  audience text NOT NULL,
  layer text NOT NULL,
  row_count bigint NOT NULL CHECK (row_count >= 0),
  hash text,
  x_min double precision,
  y_min double precision,
  x_max double precision,
  y_max double precision,
  PRIMARY KEY (run_id, audience, layer),
  FOREIGN KEY (audience, layer) REFERENCES kayoi.layer
);
COMMENT ON TABLE kayoi.run_layer IS '実行ごとのレイヤ / layers of each run';
COMMENT ON COLUMN kayoi.run_layer.row_count IS '件数 / number of rows';
COMMENT ON COLUMN kayoi.run_layer.hash IS '内容のハッシュ / hash of the rows';
COMMENT ON COLUMN kayoi.run_layer.x_min IS '範囲（EPSG:3857） / extent in EPSG:3857, set when it is published';

-- A run is written once: its state moves on, nothing else changes, and what is named or shown stays.
CREATE FUNCTION kayoi.guard_run() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.is_latest OR (OLD.run_name IS NOT NULL AND OLD.state <> 'staging') THEN
      RAISE EXCEPTION 'run % is % and is not deleted', OLD.run_id,
        CASE WHEN OLD.is_latest THEN 'the latest of its municipality' ELSE 'the snapshot ' || OLD.run_name END
        USING ERRCODE = 'KY005';
    END IF;
    RETURN OLD;
  END IF;
  IF to_jsonb(NEW) - ARRAY['state', 'is_latest', 'published_at'] <> to_jsonb(OLD) - ARRAY['state', 'is_latest', 'published_at']
     OR NOT (OLD.state, NEW.state) IN (('staging', 'published'), ('published', 'retired'))
     OR (OLD.state <> 'staging' AND OLD.published_at IS DISTINCT FROM NEW.published_at) THEN
    RAISE EXCEPTION 'run % is never changed', OLD.run_id USING ERRCODE = 'KY005';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON kayoi.run FOR EACH ROW EXECUTE FUNCTION kayoi.guard_run();

-- With a run go its rows. A foreign key would ask for every single row of a layer.
CREATE FUNCTION kayoi.delete_rows() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  stored name;
BEGIN
  FOR stored IN SELECT l.table_name FROM kayoi.layer l ORDER BY 1 LOOP
    EXECUTE format('DELETE FROM kayoi.%I WHERE run_id = $1', stored) USING OLD.run_id;
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER delete_rows AFTER DELETE ON kayoi.run FOR EACH ROW EXECUTE FUNCTION kayoi.delete_rows();

-- Rows come only into runs that are not published, and go only with a run that may go.
CREATE FUNCTION kayoi.guard_rows() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  wrong bigint;
BEGIN
  IF TG_WHEN = 'BEFORE' THEN
    RAISE EXCEPTION 'rows of kayoi.% are never changed', TG_TABLE_NAME USING ERRCODE = 'KY005';
  END IF;
  IF TG_OP = 'DELETE' THEN
    SELECT t.run_id INTO wrong FROM (SELECT DISTINCT run_id FROM touched) t JOIN kayoi.run r ON r.run_id = t.run_id
      WHERE r.is_latest OR (r.run_name IS NOT NULL AND r.state <> 'staging') LIMIT 1;
  ELSE
    SELECT t.run_id INTO wrong FROM (SELECT DISTINCT run_id FROM touched) t LEFT JOIN kayoi.run r ON r.run_id = t.run_id
      WHERE r.state IS DISTINCT FROM 'staging' LIMIT 1;
  END IF;
  IF FOUND THEN
    RAISE EXCEPTION 'kayoi.%: the rows of run % are not to be changed', TG_TABLE_NAME, wrong USING ERRCODE = 'KY005';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER guard_insert AFTER INSERT ON kayoi.run_layer REFERENCING NEW TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION kayoi.guard_rows();
CREATE TRIGGER guard_update AFTER UPDATE ON kayoi.run_layer REFERENCING NEW TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION kayoi.guard_rows();
CREATE TRIGGER guard_delete AFTER DELETE ON kayoi.run_layer REFERENCING OLD TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION kayoi.guard_rows();

GRANT SELECT ON kayoi.migration, kayoi.run, kayoi.layer, kayoi.run_layer TO kayoi_writer;
GRANT INSERT (run_id, audience, layer, row_count, hash) ON kayoi.run_layer TO kayoi_writer;
GRANT SELECT ON kayoi.run, kayoi.layer, kayoi.run_layer TO kayoi_staff;
RESET ROLE;
