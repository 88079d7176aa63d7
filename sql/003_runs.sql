-- A run: begun, filled by COPY, published by one update, later pruned. All of it may stand in one transaction.
SET LOCAL ROLE kayoi_owner;

-- run_name: a snapshot, kept for ever. dates: {"people", "participants", "venues"}.
CREATE FUNCTION kayoi.begin_run(municipality_code text, municipality_name text, run_name text, engine_version text,
                                srid integer, inputs_hash text, settings_hash text, dates jsonb, run_json jsonb)
  RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  made bigint;
BEGIN
  PERFORM kayoi.check_srid(srid);
  IF run_name IS NOT NULL AND EXISTS (SELECT FROM kayoi.run r WHERE r.municipality_code = begin_run.municipality_code
                                        AND r.run_name = begin_run.run_name) THEN
    RAISE EXCEPTION 'the run name % is taken in %', quote_literal(left(run_name, 80)), municipality_code
      USING ERRCODE = 'KY004', HINT = 'A named run is never changed: choose another name, or none.';
  END IF;
  INSERT INTO kayoi.run (municipality_code, municipality_name, run_name, engine_version, srid, inputs_hash, settings_hash,
                         people_date, participants_date, venues_date, run_json)
    VALUES (municipality_code, municipality_name, run_name, engine_version, srid, inputs_hash, settings_hash,
            dates ->> 'people', dates ->> 'participants', dates ->> 'venues', run_json)
    RETURNING run_id INTO made;
  RETURN made;
END $$;
COMMENT ON FUNCTION kayoi.begin_run(text, text, text, text, integer, text, text, jsonb, jsonb) IS
  '実行を始める / begins a run and returns its number';

-- The rows of a run are those that run_layer tells of, in every table; sets the extents of layers.
CREATE FUNCTION kayoi.check_run(run_id bigint) RETURNS void LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  l record;
  present bigint;
  gis name := kayoi.postgis_schema();
BEGIN
  FOR l IN SELECT k.*, coalesce(n.row_count, 0) AS wanted FROM kayoi.layer k LEFT JOIN kayoi.run_layer n
             ON n.run_id = check_run.run_id AND n.audience = k.audience AND n.layer = k.layer ORDER BY k.table_name LOOP
    EXECUTE format('SELECT count(*) FROM kayoi.%I WHERE run_id = $1', l.table_name) INTO present USING run_id;
    IF present <> l.wanted THEN
      RAISE EXCEPTION 'kayoi.% has % rows of run %, and % were said', l.table_name, present, run_id, l.wanted
        USING ERRCODE = 'KY006';
    END IF;
    IF l.geometry_type IS NOT NULL AND present > 0 THEN
      EXECUTE format($sql$
        UPDATE kayoi.run_layer n SET (x_min, y_min, x_max, y_max) =
          (SELECT %1$I.st_xmin(b), %1$I.st_ymin(b), %1$I.st_xmax(b), %1$I.st_ymax(b) FROM (
             SELECT %1$I.st_transform(%1$I.st_segmentize(%1$I.st_setsrid(e::%1$I.geometry, $2), 5000), 3857) AS b
             FROM (SELECT %1$I.st_extent(s.geom) AS e FROM kayoi.%2$I s WHERE s.run_id = $1) x) y)
        WHERE n.run_id = $1 AND n.audience = $3 AND n.layer = $4$sql$, gis, l.table_name)
        USING run_id, l.srid, l.audience, l.layer;
    END IF;
  END LOOP;
END $$;

-- Makes a run the latest of its municipality, in one update, and returns the number of the one before (NULL: the first).
CREATE FUNCTION kayoi.publish_run(run_id bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  code text;
  before bigint;
BEGIN
  SELECT r.municipality_code INTO code FROM kayoi.run r WHERE r.run_id = publish_run.run_id AND r.state = 'staging' FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no run % to be published', run_id USING ERRCODE = 'KY005';
  END IF;
  PERFORM kayoi.check_run(run_id);
  SELECT r.run_id INTO before FROM kayoi.run r WHERE r.municipality_code = code AND r.is_latest;
  UPDATE kayoi.run r SET is_latest = r.run_id = publish_run.run_id,
      state = CASE WHEN r.run_id = publish_run.run_id THEN 'published' ELSE 'retired' END,
      published_at = CASE WHEN r.run_id = publish_run.run_id THEN clock_timestamp() ELSE r.published_at END
    WHERE r.municipality_code = code AND (r.is_latest OR r.run_id = publish_run.run_id);
  RETURN before;
END $$;
COMMENT ON FUNCTION kayoi.publish_run(bigint) IS '実行を公開する / makes a run the latest of its municipality';

-- Deletes old runs of a municipality and tells which. A run stays when it is the latest, has a name, is among the newest
-- keep_runs, or was published within keep_days; NULL: that rule keeps nothing. Runs that were begun and left for a day go too.
CREATE FUNCTION kayoi.prune(municipality_code text, keep_runs integer, keep_days integer)
  RETURNS TABLE (run_id bigint, published_at timestamptz) LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF coalesce(keep_runs, keep_days) IS NULL OR keep_runs < 0 OR keep_days < 0 THEN
    RAISE EXCEPTION 'a rule is needed: how many runs to keep, or for how many days' USING ERRCODE = 'KY001';
  END IF;
  RETURN QUERY
    DELETE FROM kayoi.run d USING (
      SELECT r.run_id, count(*) FILTER (WHERE r.run_name IS NULL AND r.state <> 'staging')
               OVER (ORDER BY r.published_at DESC NULLS LAST, r.run_id DESC) AS place
      FROM kayoi.run r WHERE r.municipality_code = prune.municipality_code) o
    WHERE o.run_id = d.run_id AND (
      (d.state = 'staging' AND d.started_at < now() - interval '1 day') OR
      (d.state = 'retired' AND d.run_name IS NULL AND o.place > coalesce(keep_runs, 0)
         AND (keep_days IS NULL OR d.published_at < now() - make_interval(days => keep_days))))
    RETURNING d.run_id, d.published_at;
END $$;
COMMENT ON FUNCTION kayoi.prune(text, integer, integer) IS
  '古い実行を消す（名前のあるもの・最新は残す） / deletes old runs, never the latest or a named one';

GRANT EXECUTE ON FUNCTION kayoi.begin_run(text, text, text, text, integer, text, text, jsonb, jsonb),
  kayoi.publish_run(bigint), kayoi.prune(text, integer, integer) TO kayoi_writer;
RESET ROLE;
