// Shapes of a layer (data.js) as GeoJSON, their bounds, and what lies at a place.

export const EMPTY = { type: 'FeatureCollection', features: [] };

function ring(s, part, is_closed) {
  const places = [];
  for (let v = s.vertex_start[part]; v < s.vertex_start[part + 1]; v++) places.push([s.lon[v], s.lat[v]]);
  if (is_closed) places.push(places[0]);
  return places;
}

/** GeoJSON geometry of a record; null: it has none. */
export function geometry(s, record) {
  if (!s) return null;
  const from = s.part_start[record];
  const to = s.part_start[record + 1];
  if (from === to) return null;
  const is_point = s.kind === 'point' || (s.kind === 'mixed' && s.vertex_start[from + 1] - s.vertex_start[from] === 1);
  if (is_point) return { type: 'Point', coordinates: [s.lon[s.vertex_start[from]], s.lat[s.vertex_start[from]]] };
  if (s.kind === 'line') {
    const lines = [];
    for (let p = from; p < to; p++) lines.push(ring(s, p, false));
    return { type: 'MultiLineString', coordinates: lines };
  }
  const polygons = [];
  for (let p = from; p < to; p++) {
    if (s.holes?.[p] && polygons.length) polygons.at(-1).push(ring(s, p, true));
    else polygons.push([ring(s, p, true)]);
  }
  return { type: 'MultiPolygon', coordinates: polygons };
}

export function feature(s, record, properties) {
  return { type: 'Feature', id: record, geometry: geometry(s, record), properties };
}

export function collection(s, rows, properties) {
  const features = [];
  for (const record of rows) {
    const one = feature(s, record, properties(record));
    if (one.geometry) features.push(one);
  }
  return { type: 'FeatureCollection', features };
}

/** [west, south, east, north] of a record, or of all; null: there is nothing. */
export function bounds(s, record = null) {
  if (!s) return null;
  const from = s.vertex_start[record === null ? 0 : s.part_start[record]];
  const to = s.vertex_start[record === null ? s.part_start[s.count] : s.part_start[record + 1]];
  if (from === to) return null;
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let v = from; v < to; v++) {
    box[0] = Math.min(box[0], s.lon[v]);
    box[1] = Math.min(box[1], s.lat[v]);
    box[2] = Math.max(box[2], s.lon[v]);
    box[3] = Math.max(box[3], s.lat[v]);
  }
  return box;
}

/** Bounds of every record in one array, four numbers each, made once. */
export function boxes(s) {
  if (!s.boxes) {
    s.boxes = new Float64Array(4 * s.count);
    for (let i = 0; i < s.count; i++) s.boxes.set(bounds(s, i) ?? [1, 1, 0, 0], 4 * i);
  }
  return s.boxes;
}

export function overlaps(s, record, box) {
  const b = boxes(s);
  const at = 4 * record;
  return b[at] <= box[2] && b[at + 2] >= box[0] && b[at + 1] <= box[3] && b[at + 3] >= box[1];
}

/** Even-odd over all rings of the record. */
export function contains(s, record, lon, lat) {
  let inside = false;
  for (let p = s.part_start[record]; p < s.part_start[record + 1]; p++) {
    const from = s.vertex_start[p];
    const to = s.vertex_start[p + 1];
    for (let v = from, w = to - 1; v < to; w = v++)
      if (s.lat[v] > lat !== s.lat[w] > lat) {
        const x = s.lon[v] + ((lat - s.lat[v]) / (s.lat[w] - s.lat[v])) * (s.lon[w] - s.lon[v]);
        if (lon < x) inside = !inside;
      }
  }
  return inside;
}

/** The first of the rows whose polygon holds the place; -1: none. */
export function at_place(s, rows, lon, lat) {
  const b = boxes(s);
  for (const i of rows) {
    const at = 4 * i;
    if (lon < b[at] || lon > b[at + 2] || lat < b[at + 1] || lat > b[at + 3]) continue;
    if (contains(s, i, lon, lat)) return i;
  }
  return -1;
}

/** The line nearest to a place, within a distance in degrees of latitude; -1: none. */
export function line_near(s, lon, lat, within) {
  const shrink = Math.cos((lat * Math.PI) / 180);
  let best = -1;
  let best_square = within * within;
  const box = [lon - within / shrink, lat - within, lon + within / shrink, lat + within];
  for (let i = 0; i < s.count; i++) {
    if (!overlaps(s, i, box)) continue;
    for (let p = s.part_start[i]; p < s.part_start[i + 1]; p++)
      for (let v = s.vertex_start[p]; v + 1 < s.vertex_start[p + 1]; v++) {
        const ax = (s.lon[v] - lon) * shrink;
        const ay = s.lat[v] - lat;
        const dx = (s.lon[v + 1] - s.lon[v]) * shrink;
        const dy = s.lat[v + 1] - s.lat[v];
        const length = dx * dx + dy * dy;
        const t = length > 0 ? Math.max(0, Math.min(1, -(ax * dx + ay * dy) / length)) : 0;
        const square = (ax + t * dx) ** 2 + (ay + t * dy) ** 2;
        if (square < best_square) {
          best_square = square;
          best = i;
        }
      }
  }
  return best;
}

/** A place for a label: the middle of the widest run inside the largest ring, on the line through its centre. */
export function label_place(s, record) {
  let best = null;
  let best_area = -1;
  for (let p = s.part_start[record]; p < s.part_start[record + 1]; p++) {
    const area = Math.abs(ring_area(s, p));
    if (s.holes?.[p] || area <= best_area) continue;
    best_area = area;
    best = p;
  }
  if (best === null) return null;
  const from = s.vertex_start[best];
  const to = s.vertex_start[best + 1];
  if (to - from === 1) return [s.lon[from], s.lat[from]];
  let south = Infinity;
  let north = -Infinity;
  for (let v = from; v < to; v++) {
    south = Math.min(south, s.lat[v]);
    north = Math.max(north, s.lat[v]);
  }
  const lat = (south + north) / 2;
  const crossings = [];
  for (let v = from, w = to - 1; v < to; w = v++)
    if (s.lat[v] > lat !== s.lat[w] > lat)
      crossings.push(s.lon[v] + ((lat - s.lat[v]) / (s.lat[w] - s.lat[v])) * (s.lon[w] - s.lon[v]));
  crossings.sort((a, b) => a - b);
  let widest = [s.lon[from], s.lon[from]];
  for (let i = 0; i + 1 < crossings.length; i += 2)
    if (crossings[i + 1] - crossings[i] > widest[1] - widest[0]) widest = [crossings[i], crossings[i + 1]];
  return [(widest[0] + widest[1]) / 2, widest[0] === widest[1] ? s.lat[from] : lat];
}

function ring_area(s, part) {
  const from = s.vertex_start[part];
  const to = s.vertex_start[part + 1];
  let twice = 0;
  for (let v = from, w = to - 1; v < to; w = v++)
    twice += (s.lon[w] - s.lon[from]) * (s.lat[v] - s.lat[from]) - (s.lon[v] - s.lon[from]) * (s.lat[w] - s.lat[from]);
  return twice / 2;
}

/** North as Mercator has it, in degrees of longitude. */
export const mercator = (lat) => (Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) * 180) / Math.PI;
