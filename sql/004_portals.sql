-- For portals: what is published, tiles, one zone as JSON, primary keys of views.
SET LOCAL ROLE kayoi_owner;

CREATE VIEW kayoi_public.runs AS
  SELECT r.run_id, r.municipality_code, r.municipality_name, r.run_name, r.is_latest, r.published_at, r.engine_version,
         r.srid, r.people_date, r.participants_date, r.venues_date
  FROM kayoi.run r
  WHERE r.state <> 'staging' AND (r.is_latest OR r.run_name IS NOT NULL)
    AND EXISTS (SELECT FROM kayoi.run_layer n WHERE n.run_id = r.run_id AND n.audience = 'public');
COMMENT ON VIEW kayoi_public.runs IS '公開中の実行 / runs that are published: the latest, and those with a name';

CREATE VIEW kayoi_public.layers AS
  SELECT n.run_id, r.municipality_code, r.run_name, r.is_latest, n.layer, l.title_ja, l.title_en, l.geometry_type, l.srid,
         n.row_count, n.x_min, n.y_min, n.x_max, n.y_max
  FROM kayoi.run_layer n JOIN kayoi.run r ON r.run_id = n.run_id
    JOIN kayoi.layer l ON l.audience = n.audience AND l.layer = n.layer
  WHERE n.audience = 'public' AND r.state <> 'staging' AND (r.is_latest OR r.run_name IS NOT NULL);
COMMENT ON VIEW kayoi_public.layers IS '公開中のレイヤ（範囲は EPSG:3857） / layers that are published, extents in EPSG:3857';

-- GeoServer asks a table of this name and shape for the keys of views.
CREATE VIEW kayoi_public.gt_pk_metadata AS
  SELECT 'kayoi_public'::varchar(32) AS table_schema, v.name::varchar(63) AS table_name, 'gid'::varchar(32) AS pk_column,
         1 AS pk_column_idx, 'assigned'::varchar(32) AS pk_policy, NULL::varchar(64) AS pk_sequence
  FROM kayoi.layer l CROSS JOIN LATERAL (VALUES (l.view_name), (l.layer || '_by_run')) AS v (name)
  WHERE l.audience = 'public';
COMMENT ON VIEW kayoi_public.gt_pk_metadata IS 'GeoServer 用の主キー一覧 / primary keys of views, for GeoServer';

-- The box of a tile in the CRS of a layer, grown by its margin; NULL when the tile shows nothing of the layer. It is cut
-- to what the layer covers first: a plane CRS knows no places far away.
CREATE FUNCTION kayoi_public.tile_box(layer text, run_name text, z integer, x integer, y integer) RETURNS text
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  world CONSTANT double precision := 20037508.342789244; -- half the side of the square of EPSG:3857
  side double precision;
  l record;
  made text;
BEGIN
  IF z IS NULL OR x IS NULL OR y IS NULL OR z NOT BETWEEN 0 AND 24 OR x < 0 OR y < 0 OR x >= 1 << z OR y >= 1 << z THEN
    RETURN NULL;
  END IF;
  side := 2 * world / (1 << z);
  SELECT min(n.x_min) AS x_min, min(n.y_min) AS y_min, max(n.x_max) AS x_max, max(n.y_max) AS y_max, max(n.srid) AS srid INTO l
    FROM kayoi_public.layers n WHERE n.layer = tile_box.layer
      AND CASE WHEN tile_box.run_name IS NULL THEN n.is_latest ELSE n.run_name = tile_box.run_name END;
  l.x_min := greatest(l.x_min - 1, -world + (x - 0.02) * side);
  l.x_max := least(l.x_max + 1, -world + (x + 1.02) * side);
  l.y_min := greatest(l.y_min - 1, world - (y + 1.02) * side);
  l.y_max := least(l.y_max + 1, world - (y - 0.02) * side);
  IF l.x_min IS NULL OR l.x_min > l.x_max OR l.y_min > l.y_max THEN
    RETURN NULL;
  END IF;
  EXECUTE format('SELECT %1$I.st_expand(%1$I.st_transform(%1$I.st_segmentize(%1$I.st_makeenvelope($1, $2, $3, $4, 3857), greatest($3 - $1, $4 - $2) / 8), $5), 1)::text',
                 (SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'postgis'))
    INTO made USING l.x_min, l.y_min, l.x_max, l.y_max, l.srid;
  RETURN made;
END $$;
COMMENT ON FUNCTION kayoi_public.tile_box(text, text, integer, integer, integer) IS
  'タイルの範囲 / the box of a tile, for the functions *_mvt';

-- kayoi_public.<layer>_mvt: a layer as vector tiles, as tile servers call it. Decimals are numbers in a tile, not texts.
-- query_params: {"run_name": "..."} for a snapshot instead of the latest run.
CREATE FUNCTION kayoi.make_tiles(layer text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  gis name := kayoi.postgis_schema();
  attributes text;
  shown text := layer || '_mvt';
  latest name := (SELECT l.view_name FROM kayoi.layer l WHERE l.audience = 'public' AND l.layer = make_tiles.layer);
BEGIN
  IF NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = format('kayoi_public.%I', latest)::regclass AND a.attname = 'geom') THEN
    RETURN;
  END IF;
  SELECT string_agg(format(CASE WHEN a.atttypid = 'numeric'::regtype THEN 'v.%1$I::double precision AS %1$I' ELSE 'v.%1$I' END,
                           a.attname), ', ' ORDER BY a.attnum) INTO attributes
    FROM pg_attribute a WHERE a.attrelid = format('kayoi_public.%I', latest)::regclass
      AND a.attnum > 0 AND NOT a.attisdropped AND a.attname <> 'geom';
  EXECUTE format($make$
    CREATE OR REPLACE FUNCTION kayoi_public.%1$I(z integer, x integer, y integer, query_params json DEFAULT '{}')
      RETURNS bytea LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $body$
    DECLARE
      snapshot text := query_params ->> 'run_name';
      box %2$I.geometry := kayoi_public.tile_box(%3$L, snapshot, z, x, y);
      made bytea;
    BEGIN
      IF box IS NULL THEN
        RETURN ''::bytea;
      ELSIF snapshot IS NULL THEN
        SELECT %2$I.st_asmvt(t, %4$L, 4096, 'geom', 'gid') INTO made FROM (
          SELECT %5$s, %2$I.st_asmvtgeom(%2$I.st_transform(v.geom, 3857), %2$I.st_tileenvelope(z, x, y), 4096, 64, true) AS geom
          FROM kayoi_public.%6$I v WHERE v.geom OPERATOR(%2$I.&&) box ORDER BY v.gid) t WHERE t.geom IS NOT NULL;
      ELSE
        SELECT %2$I.st_asmvt(t, %4$L, 4096, 'geom', 'gid') INTO made FROM (
          SELECT %5$s, %2$I.st_asmvtgeom(%2$I.st_transform(v.geom, 3857), %2$I.st_tileenvelope(z, x, y), 4096, 64, true) AS geom
          FROM kayoi_public.%7$I v WHERE v.run_name = snapshot AND v.geom OPERATOR(%2$I.&&) box ORDER BY v.gid) t
          WHERE t.geom IS NOT NULL;
      END IF;
      RETURN coalesce(made, ''::bytea);
    END $body$ $make$, shown, gis, layer, 'kayoi_public.' || shown, attributes, latest, layer || '_by_run');
  EXECUTE format('REVOKE ALL ON FUNCTION kayoi_public.%I(integer, integer, integer, json) FROM PUBLIC', shown);
  EXECUTE format('GRANT EXECUTE ON FUNCTION kayoi_public.%I(integer, integer, integer, json) TO kayoi_reader, kayoi_staff', shown);
  PERFORM kayoi.set_comment('FUNCTION', format('kayoi_public.%I(integer, integer, integer, json)', shown),
    (SELECT format('%s（ベクトルタイル） / %s as vector tiles', l.title_ja, l.title_en) FROM kayoi.layer l
       WHERE l.audience = 'public' AND l.layer = make_tiles.layer));
END $$;

-- Rows of a public layer, as JSON in the order of its rows; NULL when there is no such layer, or it has no such column.
CREATE FUNCTION kayoi_public.rows_where(layer text, attribute text, value text, municipality_code text) RETURNS jsonb
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  view_oid oid := to_regclass(format('kayoi_public.%I', layer)); -- no layer of a zone's sheet is a reserved word
  found_rows jsonb;
BEGIN
  IF view_oid IS NULL OR NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = view_oid AND a.attname = attribute)
     OR NOT EXISTS (SELECT FROM kayoi_public.layers n WHERE n.layer = rows_where.layer AND n.is_latest
                      AND n.municipality_code = rows_where.municipality_code) THEN
    RETURN NULL;
  END IF;
  EXECUTE format('SELECT coalesce(jsonb_agg(to_jsonb(t) - ''geom'' ORDER BY t.gid), ''[]'') FROM (SELECT * FROM kayoi_public.%I v WHERE v.%I = $1 AND v.municipality_code = $2) t',
                 layer, attribute) INTO found_rows USING value, municipality_code;
  RETURN found_rows;
END $$;
COMMENT ON FUNCTION kayoi_public.rows_where(text, text, text, text) IS
  '公開レイヤの行（JSON） / rows of a public layer as JSON, for zone_sheet';

-- Some attributes of a row, those that it has, in the order of the names.
CREATE FUNCTION kayoi_public.pick(from_row jsonb, VARIADIC names text[]) RETURNS json LANGUAGE sql IMMUTABLE
  SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(json_object_agg(n, from_row -> n ORDER BY at), '{}'::json)
  FROM unnest(names) WITH ORDINALITY AS t (n, at) WHERE from_row ? n
$$;

-- Some attributes of every row of a list; NULL for no list.
CREATE FUNCTION kayoi_public.pick_each(from_rows jsonb, VARIADIC names text[]) RETURNS json LANGUAGE sql IMMUTABLE
  SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN from_rows IS NOT NULL THEN coalesce(
    (SELECT json_agg(kayoi_public.pick(r, VARIADIC names) ORDER BY at) FROM jsonb_array_elements(from_rows) WITH ORDINALITY AS t (r, at)),
    '[]'::json) END
$$;

-- One zone of the latest run on one sheet: what it has, then who can walk to it, then what is missing, then dates. A list
-- is null where its layer is not public, and a key is missing where the run does not know the figure; null is unknown, or hidden
-- where `hidden` names it.
CREATE FUNCTION kayoi_public.zone_sheet(zone_id text, municipality_code text DEFAULT NULL) RETURNS json
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  codes text[];
  code text;
  z jsonb;
  bands text[];
BEGIN
  IF to_regclass('kayoi_public.zones') IS NULL THEN
    RETURN NULL;
  END IF;
  EXECUTE 'SELECT array_agg(DISTINCT v.municipality_code) FROM kayoi_public.zones v
           WHERE v.zone_id = $1 AND ($2 IS NULL OR v.municipality_code = $2)' INTO codes USING zone_id, municipality_code;
  IF cardinality(codes) > 1 THEN
    RAISE EXCEPTION 'the zone % is in the municipalities %', quote_literal(left(zone_id, 80)), array_to_string(codes, ', ')
      USING ERRCODE = 'KY007', HINT = 'Name the municipality: zone_sheet(zone_id, municipality_code).';
  END IF;
  code := codes[1];
  IF code IS NULL THEN
    RETURN NULL;
  END IF;
  z := kayoi_public.rows_where('zones', 'zone_id', zone_id, code) -> 0;
  SELECT array_agg(k ORDER BY split_part(k, '_', 3)::numeric) INTO bands FROM jsonb_object_keys(z) k WHERE k ~ '^covered_65_[0-9]+$';
  RETURN json_build_object(
    'zone_id', z -> 'zone_id',
    'zone_name', z -> 'name',
    'level', z -> 'level',
    'municipality', (SELECT json_build_object('code', r.municipality_code, 'name', r.municipality_name)
                     FROM kayoi_public.runs r WHERE r.municipality_code = code AND r.is_latest),
    'strengths', json_build_object(
      'figures', kayoi_public.pick(z, 'venues_count', 'venues_counting', 'venues_resident_led', 'venues_weekly', 'informal_count',
        'sessions_per_month', 'seats', 'supporters', 'centres_count', 'halls_count', 'shops_count', 'clinics_count',
        'providers_count', 'providers_willing', 'volunteer_groups_count'),
      'venues', kayoi_public.pick_each(kayoi_public.rows_where('venues', 'zone_id', zone_id, code), 'venue_id', 'name', 'activity',
        'operator', 'weekday', 'hours', 'address', 'hidden'),
      'resources', kayoi_public.pick_each(kayoi_public.rows_where('resources', 'zone_id', zone_id, code), 'resource_id', 'kind',
        'name', 'address', 'hidden')),
    'people', kayoi_public.pick(z, 'pop_total', 'pop_65', 'pop_75', 'pop_85', 'aging_rate'),
    'coverage', kayoi_public.pick(z, VARIADIC ARRAY['covered_65', 'covered_share_65', 'beyond_65', 'unreachable_65', 'unknown_65',
        'no_venue_no_shop_65'] || coalesce(bands, '{}')),
    'targets', kayoi_public.pick(z, 'target_rate', 'target_basis', 'target_participants', 'participants', 'participation_rate',
        'attainment', 'shortfall', 'places_by_participants', 'places_by_reach'),
    'gaps', kayoi_public.pick_each(kayoi_public.rows_where('gaps', 'zone_id', zone_id, code), 'gap_id', 'gap_name', 'people_65',
        'people_75', 'cause', 'class', 'rank', 'hidden'),
    'sites', kayoi_public.pick_each(kayoi_public.rows_where('sites', 'zone_id', zone_id, code), 'site_id', 'site_name', 'order_',
        'gain_65', 'hidden'),
    'mobility', kayoi_public.pick_each(kayoi_public.rows_where('mobility', 'zone_id', zone_id, code), 'gap_id', 'gap_name', 'class',
        'people_65', 'riders_per_session', 'hidden'),
    'hidden', kayoi_public.pick(z, 'hidden', 'hidden_note'),
    'dates', (SELECT json_build_object('people', coalesce(z ->> 'people_date', r.people_date),
                'participants', coalesce(z ->> 'participants_date', r.participants_date),
                'venues', coalesce(z ->> 'venues_date', r.venues_date), 'published', r.published_at)
              FROM kayoi_public.runs r WHERE r.municipality_code = code AND r.is_latest));
END $$;
COMMENT ON FUNCTION kayoi_public.zone_sheet(text, text) IS
  '圏域シート（JSON） / one zone as JSON: strengths, coverage, targets, gaps, dates';

GRANT SELECT ON kayoi_public.runs, kayoi_public.layers, kayoi_public.gt_pk_metadata TO kayoi_reader, kayoi_staff;
GRANT EXECUTE ON FUNCTION kayoi_public.tile_box(text, text, integer, integer, integer),
  kayoi_public.rows_where(text, text, text, text), kayoi_public.pick(jsonb, text[]), kayoi_public.pick_each(jsonb, text[]),
  kayoi_public.zone_sheet(text, text) TO kayoi_reader, kayoi_staff;
RESET ROLE;
