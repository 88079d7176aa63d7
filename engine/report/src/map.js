// The map: sources and layers of MapLibre, filled from what themes.js says is shown; what lies under a click.
import * as maplibre from 'maplibre-gl';
import worker_text from 'worker-text';

import { layer, run } from './data.js';
import * as g from './geometry.js';
import * as colours from './palette.js';
import { paint_lines, paint_polygons, picture } from './picture.js';
import { state } from './state.js';
import * as themes from './themes.js';
import { layer_of, municipality } from './town.js';
import { t } from './words.js';

maplibre.setWorkerUrl(URL.createObjectURL(new Blob([worker_text], { type: 'text/javascript' })));

const FONTS = '"Noto Sans CJK JP", "Noto Sans JP", "Hiragino Sans", "Yu Gothic UI", Meiryo, IPAPGothic, IPAGothic, sans-serif';
const NEAR_MAX = 20000; // vectors in view; more stay a picture

export function has_webgl() {
  try {
    return Boolean(document.createElement('canvas').getContext('webgl2'));
  } catch {
    return false;
  }
}

const get = (name) => ['get', name];
const line = (id, source, paint, more = {}) => ({ id, type: 'line', source, paint, layout: { 'line-join': 'round' }, ...more });
const fill = (id, source, paint) => ({ id, type: 'fill', source, paint });
const label = (id, source, layout, paint, filter = ['has', 'label']) => ({
  id,
  type: 'symbol',
  source,
  filter,
  layout: { 'text-field': get('label'), 'text-size': 13, 'text-max-width': 8, 'text-font': ['sans-serif'], ...layout },
  paint: { 'text-color': colours.INK, 'text-halo-color': '#fff', 'text-halo-width': 1.6, ...paint },
});

const THIN = ['interpolate', ['linear'], ['zoom'], 10, 0.25, 14, 1.1];

/* Bottom to top; `part` of themes.js by the beginning of the name. */
const LAYERS = [
  fill('shares-fill', 'zones', { 'fill-color': get('share'), 'fill-opacity': 0.75 }),
  fill('service-fill', 'service', { 'fill-color': colours.SERVICE[1], 'fill-opacity': 0.4 }),
  line('service-line', 'service', { 'line-color': colours.SERVICE[0], 'line-width': 0.8, 'line-opacity': 0.6 }),
  fill('changes-fill', 'changes', { 'fill-color': get('colour'), 'fill-opacity': 0.75 }),
  fill('mobility-fill', 'mobility', { 'fill-color': get('colour'), 'fill-opacity': 0.8 }),
  line('mobility-line', 'mobility', { 'line-color': '#3b2a4a', 'line-width': THIN }),
  fill('gaps-fill', 'gaps', { 'fill-color': get('colour'), 'fill-opacity': 0.8 }),
  line('gaps-line', 'gaps', { 'line-color': '#5a2a00', 'line-width': THIN }),
  line('zones-casing', 'zones', { 'line-color': '#fff', 'line-width': 4, 'line-opacity': 0.8 }),
  line('zones-line', 'zones', { 'line-color': '#37424d', 'line-width': 1.6, 'line-dasharray': [4, 2] }),
  { id: 'resources-circle', type: 'circle', source: 'resources', paint: { 'circle-radius': 4, 'circle-color': colours.RESOURCE, 'circle-stroke-color': '#fff', 'circle-stroke-width': 1 } },
  {
    id: 'venues-circle',
    type: 'circle',
    source: 'venues',
    paint: {
      'circle-radius': ['interpolate', ['linear'], ['zoom'], 10, ['*', 0.45, get('radius')], 15, get('radius')],
      'circle-color': ['case', get('counts'), colours.VENUE, '#fff'],
      'circle-opacity': ['case', get('counts'), 0.9, 0.85],
      'circle-stroke-color': ['case', get('counts'), '#fff', colours.EXCLUDED],
      'circle-stroke-width': ['case', get('counts'), 1.2, 2],
    },
  },
  { id: 'sites-circle', type: 'circle', source: 'sites', paint: { 'circle-radius': 11, 'circle-color': colours.SITE, 'circle-stroke-color': '#fff', 'circle-stroke-width': 2 } },
  label('zones-label', 'zone-labels', { 'text-size': 14 }, { 'text-halo-width': 2 }),
  label('gaps-label', 'gap-labels', { 'text-size': 12, 'symbol-sort-key': get('rank') }, {}, ['<', get('rank'), ['step', ['zoom'], 15, 13, 99]]),
  label('mobility-label', 'mobility-labels', { 'text-size': 12, 'symbol-sort-key': get('rank') }, {}),
  label('sites-label', 'sites', { 'text-size': 12, 'text-allow-overlap': true }, { 'text-color': '#fff', 'text-halo-width': 0 }),
  line('chosen-line', 'chosen', { 'line-color': '#fff', 'line-width': 7 }),
  line('chosen-inner', 'chosen', { 'line-color': '#a3216e', 'line-width': 3.5 }),
  { id: 'chosen-circle', type: 'circle', source: 'chosen', filter: ['==', ['geometry-type'], 'Point'], paint: { 'circle-radius': 17, 'circle-opacity': 0, 'circle-stroke-color': '#a3216e', 'circle-stroke-width': 3.5 } },
];

const SOURCES = ['service', 'changes', 'mobility', 'gaps', 'zones', 'resources', 'venues', 'sites', 'zone-labels', 'gap-labels', 'mobility-labels', 'chosen'];

function style() {
  const sources = Object.fromEntries(SOURCES.map((id) => [id, { type: 'geojson', data: g.EMPTY }]));
  const layers = [{ id: 'paper', type: 'background', paint: { 'background-color': colours.PAPER } }];
  const { tiles } = run();
  if (tiles) {
    sources.tiles = { type: 'raster', tiles: [tiles], tileSize: 256, attribution: '' };
    layers.push({ id: 'tiles-raster', type: 'raster', source: 'tiles', paint: { 'raster-saturation': -0.6, 'raster-opacity': 0.7 } });
  }
  return { version: 8, sources, layers: [...layers, ...LAYERS] };
}

/** Bounds of where people of the town live, else of its zones, else of whatever there is. */
function town_bounds() {
  const cells = layer('cells');
  const lived = cells?.shapes && cells.has('zone_id') ? cells.rows((i) => cells.value('zone_id', i) !== null && cells.value('reach', i) !== 'unknown') : [];
  const all = lived.map((i) => g.bounds(cells.shapes, i)).filter(Boolean);
  if (all.length > 1) return all.reduce((a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]);
  const town = municipality();
  const own = town ? g.bounds(town.layer.shapes, town.record) : null;
  if (own) return own;
  for (const name of ['zones', 'cells', 'gaps', 'venues', 'streets']) {
    const box = g.bounds(layer(name)?.shapes);
    if (box) return box;
  }
  return null;
}

const geojson_of = {
  service: () => ({}),
  changes: (of, i, colours_of) => ({ colour: colours_of.get(i) }),
  mobility: (of, i) => ({ colour: themes.remedy_colour(of, i) }),
  gaps: (of, i) => ({ colour: themes.gap_colour(of, i) }),
  zones: (of, i) => ({ share: themes.zone_colour(of, i) }),
  resources: () => ({}),
  venues: (of, i) => ({ radius: themes.venue_radius(of, i), counts: themes.venue_counts(of, i) }),
  sites: (of, i) => ({ label: String(of.value('order', i)) }),
};

function labels(at, text, count) {
  const features = [];
  for (const [n, i] of at.rows.entries()) {
    if (n >= count) break;
    const place = g.label_place(at.layer.shapes, i);
    if (place) features.push({ type: 'Feature', geometry: { type: 'Point', coordinates: place }, properties: { label: text(at.layer, i, n), rank: n } });
  }
  return { type: 'FeatureCollection', features };
}

/** choose(things): what lies under a click, the first one meant. Null: no map can be drawn. */
export function make_map(container, choose) {
  const box = town_bounds();
  if (!box) return null;
  const map = new maplibre.Map({
    container,
    style: style(),
    bounds: box,
    fitBoundsOptions: { padding: 24 },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: 0,
    maxZoom: 19,
    localIdeographFontFamily: FONTS,
    locale: { 'Map.Title': t('map'), 'NavigationControl.ZoomIn': '+', 'NavigationControl.ZoomOut': '−' },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), 'top-right');
  map.addControl(new maplibre.ScaleControl({ unit: 'metric' }), 'bottom-right');
  if (run().tiles && run().tiles_words)
    map.addControl(new maplibre.AttributionControl({ customAttribution: escape_text(run().tiles_words) }), 'bottom-right');
  const shown = new Shown(map);
  map.on('load', () => shown.update());
  map.on('moveend', () => shown.follow());
  map.on('click', (event) => choose(shown.under(event.point, event.lngLat)));
  return { map, shown, home: () => map.fitBounds(box, { padding: 24, animate: false }) };
}

/* The attribution is read as HTML by the map. */
const escape_text = (text) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

class Shown {
  constructor(map) {
    this.map = map;
    this.filled = new Map(); // source -> what it was filled for
    this.pictures = new Map(); // "distance", "roads" -> { key, of, colour, sharp_zoom, box }
  }

  get is_ready() {
    return Boolean(this.map.getSource('chosen'));
  }

  update() {
    if (!this.is_ready) return;
    for (const part of Object.keys(geojson_of)) this.fill_part(part);
    this.fill_labels();
    this.show_picture('distance', themes.is_shown('distance') ? layer(state.base) : null, 'shares-fill', 0.85);
    const roads = themes.is_shown('roads') && !(themes.is_shown('distance') && state.base === 'streets');
    this.show_picture('roads', roads ? layer('streets') : null, 'changes-fill', 1);
    for (const { id } of LAYERS) {
      const part = id.split('-')[0];
      if (part !== 'chosen') this.map.setLayoutProperty(id, 'visibility', themes.is_shown(part) ? 'visible' : 'none');
    }
    if (this.map.getLayer('tiles-raster')) this.map.setLayoutProperty('tiles-raster', 'visibility', themes.is_shown('tiles') ? 'visible' : 'none');
    this.mark();
    this.follow();
  }

  put(source, key, make) {
    if (this.filled.get(source) === key) return;
    this.filled.set(source, key);
    this.map.getSource(source).setData(make());
  }

  fill_part(part) {
    const is_wanted = themes.is_shown(part) || (part === 'zones' && themes.is_shown('shares'));
    const at = is_wanted ? themes.shown_rows(part) : null;
    if (!at || !at.layer.shapes) return;
    const key = [at.layer.name, at.rows.length, state.year, part === 'sites' ? state.k : '', part === 'changes' ? state.change : '', part === 'service' ? state.band : ''].join();
    const extra = part === 'changes' ? themes.change_colours() : null;
    this.put(part, key, () => g.collection(at.layer.shapes, at.rows, (i) => geojson_of[part](at.layer, i, extra)));
  }

  fill_labels() {
    const zones = themes.is_shown('zones') ? themes.shown_rows('zones') : null;
    if (zones?.layer.shapes) this.put('zone-labels', `${zones.layer.name},${state.year},${themes.is_shown('shares')}`, () => labels(zones, zone_label, 400));
    const gaps = themes.is_shown('gaps') ? themes.shown_rows('gaps') : null;
    if (gaps?.layer.shapes) this.put('gap-labels', `${gaps.layer.name},${state.year}`, () => labels(gaps, (of, i) => String(of.value('rank', i) ?? ''), 99));
    const mobility = themes.is_shown('mobility') ? themes.shown_rows('mobility') : null;
    if (mobility?.layer.shapes) this.put('mobility-labels', 'mobility', () => labels(mobility, (of, i, n) => String(n + 1), 99));
  }

  /* below: the first layer above it. */
  show_picture(name, of, below, opacity) {
    const is_road = name === 'roads';
    const wanted = of?.shapes ? of.name : null;
    let made = this.pictures.get(name);
    if (made && made.of?.name !== wanted) {
      for (const id of [`${name}-near`, `${name}-picture`]) if (this.map.getLayer(id)) this.map.removeLayer(id);
      for (const id of [`${name}-near`, `${name}-picture`]) if (this.map.getSource(id)) this.map.removeSource(id);
      this.pictures.delete(name);
      made = null;
    }
    if (!wanted || made) return;
    const is_line = of.shapes.kind === 'line';
    const colour = is_road ? () => '#b9b4a8' : is_line ? themes.street_colour : themes.cell_colour;
    const rows_of = themes.by_colour(of, colour);
    const drawn = picture(of.shapes, is_line ? paint_lines(of.shapes, rows_of, is_road ? 4 : 10) : paint_polygons(of.shapes, rows_of));
    if (!drawn) return;
    this.pictures.set(name, { of, colour, sharp_zoom: drawn.sharp_zoom, box: null });
    this.map.addSource(`${name}-picture`, { type: 'canvas', canvas: drawn.canvas, coordinates: drawn.coordinates, animate: false });
    this.map.addLayer({ id: `${name}-picture`, type: 'raster', source: `${name}-picture`, maxzoom: Math.min(24, drawn.sharp_zoom + 0.4), paint: { 'raster-fade-duration': 0, 'raster-opacity': opacity } }, below);
    this.map.addSource(`${name}-near`, { type: 'geojson', data: g.EMPTY });
    const near = { id: `${name}-near`, source: `${name}-near`, minzoom: Math.min(24, drawn.sharp_zoom + 0.4) };
    const width = ['interpolate', ['exponential', 1.6], ['zoom'], 12, is_road ? 0.8 : 1.6, 18, is_road ? 6 : 10];
    if (is_line) this.map.addLayer({ ...near, type: 'line', paint: { 'line-color': get('colour'), 'line-width': width, 'line-opacity': opacity } }, below);
    else this.map.addLayer({ ...near, type: 'fill', paint: { 'fill-color': get('colour'), 'fill-opacity': opacity, 'fill-antialias': false } }, below);
  }

  /** Vectors of what is in view, once the picture is no longer sharp. */
  follow() {
    for (const [name, made] of this.pictures) {
      if (this.map.getZoom() < made.sharp_zoom - 0.4) continue;
      const view = this.map.getBounds();
      const box = [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()];
      if (made.box && made.box[0] <= box[0] && made.box[1] <= box[1] && made.box[2] >= box[2] && made.box[3] >= box[3]) continue;
      const wide = (box[2] - box[0]) / 2;
      const high = (box[3] - box[1]) / 2;
      const wanted = [box[0] - wide, box[1] - high, box[2] + wide, box[3] + high];
      const s = made.of.shapes;
      const rows = [];
      for (let i = 0; i < s.count && rows.length < NEAR_MAX; i++) if (g.overlaps(s, i, wanted)) rows.push(i);
      made.box = wanted;
      this.map.getSource(`${name}-near`).setData(g.collection(s, rows, (i) => ({ colour: made.colour(made.of, i) })));
    }
  }

  /** The chosen record's outline. */
  mark() {
    if (!this.is_ready) return;
    const of = state.chosen ? layer_of(state.chosen.kind) : null;
    const one = of?.shapes ? g.feature(of.shapes, state.chosen.record, {}) : null;
    this.put('chosen', state.chosen ? `${state.chosen.kind}:${state.chosen.record}` : '', () =>
      one?.geometry ? { type: 'FeatureCollection', features: [one] } : g.EMPTY,
    );
  }

  show_record(kind, record) {
    const box = g.bounds(layer_of(kind)?.shapes, record);
    if (!box) return;
    const is_still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.map.fitBounds(box, { padding: 60, maxZoom: kind === 'zones' ? 14 : 15, animate: !is_still, duration: 500 });
  }

  /** Things under a place of the screen, the nearest to the eye first: [{ kind, record }]. */
  under(point, place) {
    const found = [];
    const around = [[point.x - 6, point.y - 6], [point.x + 6, point.y + 6]];
    const points = ['sites-circle', 'venues-circle', 'resources-circle'].filter((id) => themes.is_shown(id.split('-')[0]));
    const seen = points.length ? this.map.queryRenderedFeatures(around, { layers: points }) : [];
    for (const f of seen) found.push({ kind: f.source, record: f.id });
    for (const part of ['changes', 'gaps', 'mobility', 'zones']) {
      const at = themes.is_shown(part) || part === 'zones' ? themes.shown_rows(part) : null;
      const record = at?.layer.shapes ? g.at_place(at.layer.shapes, at.rows, place.lng, place.lat) : -1;
      if (record >= 0) found.push({ kind: at.kind, record });
    }
    const zone = found.findIndex((f) => f.kind.endsWith('zones'));
    const ground = this.ground(place);
    if (ground && zone >= 0 && themes.is_shown('distance')) found.splice(zone, 0, ground);
    else if (ground) found.push(ground);
    return found.filter((f, n) => found.findIndex((o) => o.kind === f.kind && o.record === f.record) === n);
  }

  ground(place) {
    const of = layer(state.base) ?? layer('cells');
    if (!of?.shapes) return null;
    const degrees = 360 / (512 * 2 ** this.map.getZoom());
    const record = of.shapes.kind === 'line' ? g.line_near(of.shapes, place.lng, place.lat, 8 * degrees) : g.at_place(of.shapes, all_rows(of), place.lng, place.lat);
    return record < 0 ? null : { kind: of.name, record };
  }
}

/* With the share that its colour stands for. */
function zone_label(of, i) {
  const share = of.value('covered_share_65', i);
  const name = short(of.value('name', i) ?? of.value('zone_id', i) ?? '');
  return themes.is_shown('shares') && share !== null ? `${name}\n${Math.round(share * 100)} %` : name;
}

const row_lists = new Map();
function all_rows(of) {
  if (!row_lists.has(of.name)) row_lists.set(of.name, of.rows());
  return row_lists.get(of.name);
}

const short = (text) => ([...text].length > 24 ? `${[...text].slice(0, 23).join('')}…` : text);
