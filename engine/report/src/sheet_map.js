// A small map of one zone as SVG: who lives how far, streets, gaps, venues, next sites, mobility areas. No WebGL, so it
// is there on every machine and on paper.
import { layer } from './data.js';
import { svg } from './dom.js';
import { bounds, label_place, overlaps } from './geometry.js';
import { INK, UNKNOWN, code_colour, distance_classes } from './palette.js';
import { bands, primary } from './town.js';

const WIDTH = 660;
const HEIGHT = 400;
const EDGE = 12;

/** North up, equal lengths in both directions: degrees to places on the sheet. */
function projection(box) {
  const shrink = Math.cos(((box[1] + box[3]) / 2) * (Math.PI / 180));
  const wide = (box[2] - box[0]) * shrink || 1e-6;
  const high = box[3] - box[1] || 1e-6;
  const scale = Math.min((WIDTH - 2 * EDGE) / wide, (HEIGHT - 2 * EDGE) / high);
  const left = (WIDTH - wide * scale) / 2;
  const top = (HEIGHT - high * scale) / 2;
  return {
    metres: scale / 111320,
    x: (lon) => left + (lon - box[0]) * shrink * scale,
    y: (lat) => top + (box[3] - lat) * scale,
  };
}

function path_of(s, record, to) {
  const is_line = s.kind === 'line';
  let d = '';
  for (let p = s.part_start[record]; p < s.part_start[record + 1]; p++) {
    for (let v = s.vertex_start[p]; v < s.vertex_start[p + 1]; v++)
      d += `${v === s.vertex_start[p] ? 'M' : 'L'}${to.x(s.lon[v]).toFixed(1)} ${to.y(s.lat[v]).toFixed(1)}`;
    if (!is_line) d += 'Z';
  }
  return d;
}

/** Records of a layer that meet the box, as paths. */
function paths(name, box, to, look) {
  const of = layer(name);
  if (!of?.shapes) return [];
  return of
    .rows((i) => overlaps(of.shapes, i, box))
    .map((i) => [i, look(of, i)])
    .filter(([, more]) => more)
    .map(([i, more]) => svg('path', { d: path_of(of.shapes, i, to), ...more }));
}

function points(name, box, to, draw) {
  const of = layer(name);
  if (!of?.shapes) return [];
  const s = of.shapes;
  return of
    .rows((i) => s.part_start[i] < s.part_start[i + 1] && overlaps(s, i, box))
    .map((i) => {
      const v = s.vertex_start[s.part_start[i]];
      return draw(of, i, to.x(s.lon[v]), to.y(s.lat[v]));
    });
}

const round = (metres) => {
  const unit = 10 ** Math.floor(Math.log10(metres));
  return [5, 2, 1].find((n) => n * unit <= metres) * unit;
};

function scale_bar(to) {
  const metres = round(120 / to.metres);
  const length = metres * to.metres;
  const y = HEIGHT - 14;
  return svg(
    'g',
    {},
    svg('rect', { x: 8, y: y - 18, width: length + 20, height: 26, fill: '#fff', opacity: 0.8 }),
    svg('path', { d: `M14 ${y - 5}V${y}H${(14 + length).toFixed(1)}V${y - 5}`, fill: 'none', stroke: INK, 'stroke-width': 1.5 }),
    svg('text', { x: 14 + length / 2, y: y - 6, 'font-size': 11, 'text-anchor': 'middle', fill: INK }, metres >= 1000 ? `${metres / 1000} km` : `${metres} m`),
  );
}

/** The zone's map; numbers stand for the sites and areas listed below it. zone, sites, areas: records of their layers. */
export function zone_map(zone, sites, areas, title) {
  const zones = layer('zones');
  const box = bounds(zones?.shapes, zone);
  if (!box) return null;
  const pad_x = (box[2] - box[0]) * 0.03;
  const pad_y = (box[3] - box[1]) * 0.03;
  const view = [box[0] - pad_x, box[1] - pad_y, box[2] + pad_x, box[3] + pad_y];
  const to = projection(view);
  const classes = distance_classes(bands, primary);
  const colour = (of, i) => {
    const reach = of.value('reach', i);
    const metres = of.value('walk_m_median', i);
    if (reach === 'unreachable') return '#4d4d4d';
    return metres === null ? UNKNOWN : (classes.find((c) => metres <= c.to) ?? classes.at(-1)).colour;
  };
  const number = (x, y, words, fill, ink = '#fff') => [
    svg('rect', { x: x - 9, y: y - 9, width: 18, height: 18, rx: 3, fill, stroke: '#fff', 'stroke-width': 1.5 }),
    svg('text', { x, y: y + 4.5, 'font-size': 12, 'font-weight': 700, 'text-anchor': 'middle', fill: ink }, words),
  ];
  const id = zones.value('zone_id', zone);
  return svg(
    'svg',
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': title, class: 'zone-map' },
    svg('rect', { x: 0, y: 0, width: WIDTH, height: HEIGHT, fill: '#f3f1ea' }),
    paths('zones', view, to, (of, i) => (of.value('level', i) === 'zone' ? { fill: '#fff', stroke: '#b9b4a6', 'stroke-width': 1 } : null)),
    paths('cells', view, to, (of, i) => ((of.value('pop_65', i) ?? 0) > 0 ? { fill: colour(of, i), 'fill-opacity': of.value('zone_id', i) === id ? 0.8 : 0.2, 'fill-rule': 'evenodd' } : null)),
    paths('streets', view, to, () => ({ fill: 'none', stroke: '#6f6a5e', 'stroke-width': 0.6, 'stroke-opacity': 0.7 })),
    paths('gaps', view, to, () => ({ fill: 'none', stroke: INK, 'stroke-width': 1.4, 'stroke-dasharray': '4 2' })),
    paths('mobility', view, to, (of, i) => (areas.includes(i) ? { fill: code_colour('class', of.value('class', i)), 'fill-opacity': 0.55, 'fill-rule': 'evenodd', stroke: INK, 'stroke-width': 1 } : null)),
    svg('path', { d: path_of(zones.shapes, zone, to), fill: 'none', stroke: INK, 'stroke-width': 2.4 }),
    points('venues', view, to, (of, i, x, y) => {
      const counts = of.value('counts', i) !== false;
      return svg('circle', { cx: x, cy: y, r: counts ? 5 : 4, fill: counts ? '#d55e00' : '#fff', stroke: counts ? '#fff' : '#7f7f7f', 'stroke-width': 1.5 });
    }),
    areas.map((i, n) => {
      const at = label_place(layer('mobility').shapes, i);
      return at ? number(to.x(at[0]), to.y(at[1]), '①②③'[n] ?? String(n + 1), '#fff', INK) : null;
    }),
    points('sites', view, to, (of, i, x, y) => (sites.includes(i) ? number(x, y, String(sites.indexOf(i) + 1), '#009e73') : null)),
    scale_bar(to),
  );
}
