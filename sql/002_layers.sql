-- Tables and views of layers. Which columns a layer has depends on the run (walking bands, kinds of resources), so
-- tables are made and widened by kayoi.ensure_layer, with the owner's rights; names go into SQL by format(%I) alone.
SET LOCAL ROLE kayoi_owner;

-- Words that SQL keeps for itself. Written down, so that a column keeps its name when the server is upgraded.
CREATE TABLE kayoi.reserved_word (word text PRIMARY KEY);
INSERT INTO kayoi.reserved_word SELECT k.word FROM pg_catalog.pg_get_keywords() k WHERE k.catcode IN ('R', 'T');
COMMENT ON TABLE kayoi.reserved_word IS 'SQL の予約語 / words that SQL keeps for itself';

-- The name of a layer's attribute as a column: as it is, but without what portals stumble over.
CREATE FUNCTION kayoi.column_name(attribute text) RETURNS text LANGUAGE sql STABLE
  SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN plain IN ('gid', 'run_id', 'row_no', 'geom', 'municipality_code', 'run_name', 'published_at')
                OR EXISTS (SELECT FROM kayoi.reserved_word k WHERE k.word = plain)
              THEN plain || '_' ELSE plain END
  FROM (SELECT CASE WHEN c ~ '^[0-9]' THEN '_' || c ELSE c END AS plain
        FROM (SELECT regexp_replace(lower(attribute), '[\u0001-\u002f\u003a-\u0040\u005b-\u005e\u0060\u007b-\u007f]', '_', 'g')
                AS c) cleaned) named
$$;
COMMENT ON FUNCTION kayoi.column_name(text) IS
  '属性名を列名にする（予約語には _ を付ける） / attribute to column name; reserved words get a _ at the end';

CREATE FUNCTION kayoi.layer_title(layer text) RETURNS text LANGUAGE sql IMMUTABLE
  SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((SELECT title FROM (VALUES
    ('cells', 'residential cells and how far their people walk'), ('streets', 'streets'),
    ('venues', 'gathering places'), ('service_areas', 'areas within walking range'), ('gaps', 'gap areas'),
    ('zones', 'daily-living zones'), ('priority', 'order of zones by need and feasibility'),
    ('priority_sensitivity', 'order of zones under other weights'), ('zone_facts', 'facts about zones'),
    ('venue_groups', 'gathering places by group'), ('cross', 'people by age, sex and remedy'),
    ('sites', 'proposed sites in order'), ('site_curve', 'what each further site adds'),
    ('site_sets', 'best sets of sites'), ('mobility', 'candidate areas of mobility support'),
    ('profiles', 'coverage by who walks'), ('stops', 'stops of buses and trains'),
    ('provider_areas', 'areas near providers'), ('resources', 'social resources'),
    ('inventory', 'resources by zone and kind'), ('population', 'people of further years'),
    ('target_path', 'targets by year'), ('year_zones', 'zones by year'), ('year_gaps', 'gap areas by year'),
    ('sensitivity', 'answers under other definitions'), ('cell_sensitivity', 'cells under other definitions'),
    ('access', 'people within reach of resources'), ('cell_access', 'cells and resources'),
    ('closures', 'what if a gathering place ends'), ('closure_zones', 'what if, by zone'),
    ('scenarios', 'scenarios'), ('scenario_zones', 'scenarios by zone'), ('scenario_cells', 'scenarios by cell'),
    ('changes', 'changes since the previous publication'), ('issues', 'doubtful input records')
  ) AS known (name, title) WHERE name = $1), replace($1, '_', ' '))
$$;

-- The table of a layer; NULL when the name is none.
CREATE FUNCTION kayoi.table_name(audience text, layer text) RETURNS name LANGUAGE sql IMMUTABLE
  SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN layer !~ '^[a-z][a-z0-9_]{0,39}$' OR layer ~ '^public_|(_latest|_by_run|_mvt|_)$'
                OR layer IN ('run', 'runs', 'run_layer', 'layer', 'layers', 'migration', 'reserved_word', 'layer_column', 'gt_pk_metadata') THEN NULL
              WHEN audience = 'internal' THEN layer::name
              WHEN audience = 'public' THEN ('public_' || layer)::name END
$$;

-- Tells of a name that is none.
CREATE FUNCTION kayoi.checked_table(audience text, layer text) RETURNS name LANGUAGE plpgsql IMMUTABLE
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  stored name := kayoi.table_name(audience, layer);
BEGIN
  IF stored IS NULL THEN
    RAISE EXCEPTION 'audience %, layer %: no name of a layer', quote_nullable(audience), quote_nullable(left(layer, 80))
      USING ERRCODE = 'KY001', HINT = 'An audience is internal or public; a layer is up to 40 of a to z, 0 to 9 and _.';
  END IF;
  RETURN stored;
END $$;

CREATE TYPE kayoi.layer_column AS (column_name text, type text, comment text);

-- The columns that are asked for, as columns of a table.
CREATE FUNCTION kayoi.layer_columns(layer text, columns jsonb) RETURNS kayoi.layer_column[] LANGUAGE plpgsql STABLE
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  made kayoi.layer_column[];
  wrong text;
BEGIN
  IF jsonb_typeof(columns) IS DISTINCT FROM 'array' THEN
    RAISE EXCEPTION 'layer %: columns are an array', layer USING ERRCODE = 'KY001';
  END IF;
  SELECT left(c.o ->> 'name', 80) INTO wrong FROM jsonb_array_elements(columns) AS c (o)
    WHERE coalesce(c.o ->> 'name', '') = '' OR coalesce(c.o ->> 'type', '') NOT IN ('text', 'bool', 'fixed')
      OR octet_length(c.o ->> 'name') > 62 -- a byte is left for _
      OR (c.o ->> 'type' = 'fixed' AND coalesce(c.o ->> 'decimals', '') !~ '^1?[0-9]$') LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'layer %: no column can be made of %', layer, quote_nullable(wrong) USING ERRCODE = 'KY001',
      HINT = 'A column has a name of at most 62 bytes and the type text, bool, or fixed with 0 to 19 decimals.';
  END IF;
  SELECT array_agg((kayoi.column_name(c.o ->> 'name'),
      CASE c.o ->> 'type' WHEN 'text' THEN 'text' WHEN 'bool' THEN 'boolean'
        ELSE CASE (c.o ->> 'decimals')::integer WHEN 0 THEN 'bigint'
               ELSE format('numeric(19,%s)', (c.o ->> 'decimals')::integer) END END,
      format('%s / %s%s', coalesce(c.o ->> 'alias', c.o ->> 'name'), replace(c.o ->> 'name', '_', ' '),
             ' (' || (c.o ->> 'unit') || ')'))::kayoi.layer_column ORDER BY c.at) INTO made
    FROM jsonb_array_elements(columns) WITH ORDINALITY AS c (o, at);
  SELECT m.column_name INTO wrong FROM unnest(made) m GROUP BY 1 HAVING count(*) > 1 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'layer %: two columns would be named %', layer, wrong USING ERRCODE = 'KY001';
  END IF;
  RETURN coalesce(made, '{}');
END $$;

-- Everything that PostGIS has is named by the schema that it was put into.
CREATE FUNCTION kayoi.postgis_schema() RETURNS name LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'postgis'
$$;

CREATE FUNCTION kayoi.set_comment(kind text, object text, wanted text) RETURNS void LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('COMMENT ON %s %s IS %L', kind, object, wanted); -- callers quote the object
END $$;

CREATE FUNCTION kayoi.make_table(stored name, columns kayoi.layer_column[]) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('CREATE TABLE kayoi.%I (run_id bigint NOT NULL, row_no integer NOT NULL CHECK (row_no BETWEEN 0 AND 9999999)%s, PRIMARY KEY (run_id, row_no))',
    stored, (SELECT string_agg(format(', %I %s', c.column_name, c.type), '' ORDER BY at)
             FROM unnest(columns) WITH ORDINALITY AS c (column_name, type, comment, at)));
  EXECUTE format('CREATE TRIGGER guard_insert AFTER INSERT ON kayoi.%I REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION kayoi.guard_rows()', stored);
  EXECUTE format('CREATE TRIGGER guard_delete AFTER DELETE ON kayoi.%I REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION kayoi.guard_rows()', stored);
  EXECUTE format('CREATE TRIGGER guard_change BEFORE UPDATE OR TRUNCATE ON kayoi.%I FOR EACH STATEMENT EXECUTE FUNCTION kayoi.guard_rows()', stored);
  PERFORM kayoi.set_comment('COLUMN', format('kayoi.%I.run_id', stored), '実行番号 / number of the run');
  PERFORM kayoi.set_comment('COLUMN', format('kayoi.%I.row_no', stored), '行番号 / number of the row in its layer');
  EXECUTE format('GRANT SELECT, INSERT ON kayoi.%I TO kayoi_writer', stored);
END $$;

-- Layers such as changes have no shapes until there is something to show.
CREATE FUNCTION kayoi.add_geometry(stored name, geometry_type text, srid integer) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('ALTER TABLE kayoi.%I ADD COLUMN geom %I.geometry(%s, %s)', stored, kayoi.postgis_schema(), geometry_type, srid);
  EXECUTE format('CREATE INDEX ON kayoi.%I USING gist (geom)', stored);
  PERFORM kayoi.set_comment('COLUMN', format('kayoi.%I.geom', stored), '図形 / geometry');
  UPDATE kayoi.layer l SET geometry_type = add_geometry.geometry_type, srid = add_geometry.srid WHERE l.table_name = stored;
END $$;

-- A view of the rows of some runs. Columns only ever come behind those that are there, so views of others upon it live on.
CREATE FUNCTION kayoi.make_view(view_schema name, view_name text, stored name, by_run boolean) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  is_new boolean := to_regclass(format('%I.%I', view_schema, view_name)) IS NULL;
BEGIN
  EXECUTE format('CREATE OR REPLACE VIEW %I.%I AS SELECT s.run_id * 10000000 + s.row_no AS gid, %s, %s FROM kayoi.%I s JOIN kayoi.run r ON r.run_id = s.run_id WHERE %s',
    view_schema, view_name,
    CASE WHEN by_run THEN 'r.run_name, r.published_at, r.municipality_code' ELSE 'r.municipality_code' END,
    (SELECT string_agg(format('s.%I', a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
       WHERE a.attrelid = format('kayoi.%I', stored)::regclass AND a.attnum > 2 AND NOT a.attisdropped),
    stored, CASE WHEN by_run THEN 'r.run_name IS NOT NULL AND r.state <> ''staging''' ELSE 'r.is_latest' END);
  IF is_new THEN
    EXECUTE format('GRANT SELECT ON %I.%I TO %s', view_schema, view_name,
                   CASE view_schema WHEN 'kayoi_public' THEN 'kayoi_reader, kayoi_staff' ELSE 'kayoi_staff' END);
  END IF;
END $$;

-- Comments of a view and its columns, those of the table; readers do not wait for them.
CREATE FUNCTION kayoi.comment_view(view_schema name, view_name text, stored name, title text) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  shown regclass := format('%I.%I', view_schema, view_name)::regclass;
  c record;
BEGIN
  IF obj_description(shown, 'pg_class') IS DISTINCT FROM title THEN
    PERFORM kayoi.set_comment('VIEW', format('%I.%I', view_schema, view_name), title);
  END IF;
  FOR c IN SELECT a.attname, a.attnum, coalesce(
      CASE a.attname
        WHEN 'gid' THEN '主キー（データベース内で一意、実行ごとに変わる） / primary key: unique in this database, another in every run'
        WHEN 'municipality_code' THEN '市区町村コード / code of the municipality'
        WHEN 'run_name' THEN '保存名 / name of the snapshot'
        WHEN 'published_at' THEN '公開日時 / published at' END,
      col_description(b.attrelid, b.attnum)) AS comment
    FROM pg_attribute a LEFT JOIN pg_attribute b
      ON b.attrelid = format('kayoi.%I', stored)::regclass AND b.attname = a.attname AND NOT b.attisdropped
    WHERE a.attrelid = shown AND a.attnum > 0 AND NOT a.attisdropped LOOP
    IF col_description(shown, c.attnum) IS DISTINCT FROM c.comment THEN
      PERFORM kayoi.set_comment('COLUMN', format('%I.%I.%I', view_schema, view_name, c.attname), c.comment);
    END IF;
  END LOOP;
END $$;

CREATE FUNCTION kayoi.make_views(audience text, layer text) RETURNS void LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  stored name := kayoi.checked_table(audience, layer);
  shown_in name := CASE audience WHEN 'public' THEN 'kayoi_public' ELSE 'kayoi' END;
BEGIN
  PERFORM kayoi.make_view(shown_in, l.view_name, stored, false), kayoi.make_view(shown_in, l.layer || '_by_run', stored, true)
    FROM kayoi.layer l WHERE l.table_name = stored;
  IF audience = 'public' THEN
    PERFORM kayoi.make_tiles(layer);
  END IF;
END $$;

CREATE FUNCTION kayoi.comment_views(audience text, layer text) RETURNS void LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  stored name := kayoi.checked_table(audience, layer);
  shown_in name := CASE audience WHEN 'public' THEN 'kayoi_public' ELSE 'kayoi' END;
  for_ja text := CASE audience WHEN 'public' THEN '' ELSE '、庁内用' END;
  for_en text := CASE audience WHEN 'public' THEN '' ELSE ', internal' END;
BEGIN
  PERFORM kayoi.set_comment('TABLE', format('kayoi.%I', stored), l.title_ja || ' / ' || l.title_en),
          kayoi.comment_view(shown_in, l.view_name, stored, l.title_ja || '（最新' || for_ja || '） / ' || l.title_en || ' (latest' || for_en || ')'),
          kayoi.comment_view(shown_in, l.layer || '_by_run', stored,
                             l.title_ja || '（保存名別' || for_ja || '） / ' || l.title_en || ' (by name of run' || for_en || ')')
    FROM kayoi.layer l WHERE l.table_name = stored;
END $$;

-- Makes the table and the views of a layer, or widens them by the columns that are new. Returns what COPY is to be given:
-- table and columns, quoted. columns: [{"name", "type": "text"|"bool"|"fixed", "decimals", "alias", "unit"}, ...].
-- geometry_type NULL: a table without geometry. Locks nothing when nothing is new.
CREATE FUNCTION kayoi.ensure_layer(audience text, layer text, alias text, geometry_type text, srid integer, columns jsonb)
  RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  stored name := kayoi.checked_table(audience, layer);
  shape text := upper(geometry_type);
  known kayoi.layer;
  wanted kayoi.layer_column[] := kayoi.layer_columns(layer, columns);
  c record;
  is_wider boolean := false;
  is_renamed boolean := false;
BEGIN
  IF shape NOT IN ('POINT', 'MULTIPOINT', 'LINESTRING', 'MULTILINESTRING', 'POLYGON', 'MULTIPOLYGON', 'GEOMETRY') THEN
    RAISE EXCEPTION 'layer %: % is no type of geometry', layer, quote_literal(left(geometry_type, 80)) USING ERRCODE = 'KY001';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('kayoi.ensure_layer')); -- two engines at once
  PERFORM kayoi.check_srid(srid) WHERE shape IS NOT NULL;
  SELECT * INTO known FROM kayoi.layer l WHERE l.audience = ensure_layer.audience AND l.layer = ensure_layer.layer;
  IF NOT FOUND THEN
    INSERT INTO kayoi.layer VALUES (audience, layer, stored,
      CASE audience WHEN 'public' THEN kayoi.column_name(layer) ELSE layer || '_latest' END,
      coalesce(alias, layer), kayoi.layer_title(layer), NULL, NULL);
    PERFORM kayoi.make_table(stored, wanted);
    is_wider := true;
  ELSIF known.title_ja <> alias THEN
    UPDATE kayoi.layer l SET title_ja = alias WHERE l.table_name = stored;
    is_renamed := true;
  END IF;
  IF shape IS NOT NULL AND known.geometry_type IS NULL THEN
    PERFORM kayoi.add_geometry(stored, shape, srid);
    is_wider := true;
  ELSIF shape <> known.geometry_type AND known.geometry_type <> 'GEOMETRY' THEN
    RAISE EXCEPTION 'kayoi.% holds % and is to get %', stored, known.geometry_type, shape USING ERRCODE = 'KY002';
  END IF;
  FOR c IN SELECT w.*, format_type(a.atttypid, a.atttypmod) AS present,
             col_description(a.attrelid, a.attnum) AS present_comment
           FROM unnest(wanted) WITH ORDINALITY AS w (column_name, type, comment, at) LEFT JOIN pg_attribute a
             ON a.attrelid = format('kayoi.%I', stored)::regclass AND a.attname = w.column_name AND NOT a.attisdropped
           ORDER BY w.at LOOP
    IF c.present IS NULL THEN
      EXECUTE format('ALTER TABLE kayoi.%I ADD COLUMN %I %s', stored, c.column_name, c.type);
      is_wider := true;
    ELSIF c.present <> c.type THEN
      RAISE EXCEPTION 'kayoi.%.% is % and is to get %', stored, c.column_name, c.present, c.type USING ERRCODE = 'KY002';
    END IF;
    IF c.present_comment IS DISTINCT FROM c.comment THEN
      PERFORM kayoi.set_comment('COLUMN', format('kayoi.%I.%I', stored, c.column_name), c.comment);
      is_renamed := true;
    END IF;
  END LOOP;
  IF is_wider THEN
    PERFORM kayoi.make_views(audience, layer);
  END IF;
  IF is_wider OR is_renamed THEN
    PERFORM kayoi.comment_views(audience, layer);
  END IF;
  RETURN format('kayoi.%I (run_id, row_no%s%s)', stored,
    (SELECT string_agg(format(', %I', w.column_name), '' ORDER BY w.at) FROM unnest(wanted) WITH ORDINALITY AS w (column_name, type, comment, at)),
    CASE WHEN shape IS NOT NULL THEN ', geom' END);
END $$;
COMMENT ON FUNCTION kayoi.ensure_layer(text, text, text, text, integer, jsonb) IS
  'レイヤの表とビューを用意する / makes or widens the table and views of a layer';

-- All geometries of a database are in one CRS, so that views of several municipalities have one.
CREATE FUNCTION kayoi.check_srid(srid integer) RETURNS void LANGUAGE plpgsql STABLE
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  present integer;
BEGIN
  IF srid IS NULL OR srid <= 0 THEN
    RAISE EXCEPTION 'geometries need a CRS with a number (SRID)' USING ERRCODE = 'KY003';
  END IF;
  SELECT l.srid INTO present FROM kayoi.layer l WHERE l.srid IS NOT NULL AND l.srid <> check_srid.srid LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the tables of this database are in EPSG:%, this run is in EPSG:%', present, srid USING ERRCODE = 'KY003',
      HINT = 'Set the same CRS for all runs of a database, or use another database.';
  END IF;
END $$;

GRANT EXECUTE ON FUNCTION kayoi.column_name(text), kayoi.table_name(text, text),
  kayoi.ensure_layer(text, text, text, text, integer, jsonb) TO kayoi_writer;
RESET ROLE;
