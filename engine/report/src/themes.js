// Which layers each tab shows at first, and the colour of each record: map and legend ask here.
import { layer } from './data.js';
import * as colours from './palette.js';
import { state } from './state.js';
import { at_year, bands, find, gaps, layer_of, mobility, primary, sites, years, zones } from './town.js';

const PRESETS = {
  summary: ['distance', 'zones', 'venues', 'roads'],
  gaps: ['service', 'gaps', 'zones', 'venues', 'roads'],
  zones: ['shares', 'zones', 'venues', 'roads'],
  sites: ['service', 'gaps', 'sites', 'zones', 'venues', 'roads'],
  mobility: ['mobility', 'zones', 'venues', 'resources', 'roads'],
  changes: ['changes', 'zones', 'venues', 'roads'],
  charts: ['distance', 'zones', 'venues', 'roads'],
};

/** Parts of the map that this run can show, in the order of the list. */
export function parts() {
  const has = (name) => (layer(name)?.count ?? 0) > 0;
  return [
    ['distance', has('cells') || has('streets')],
    ['service', has('service_areas')],
    ['gaps', has('gaps')],
    ['mobility', has('mobility')],
    ['shares', has('zones')],
    ['changes', has('scenario_cells')],
    ['zones', has('zones')],
    ['venues', has('venues')],
    ['sites', has('sites')],
    ['resources', has('resources')],
    ['roads', has('streets')],
    ['tiles', Boolean(window.kayoi?.run?.tiles)],
  ]
    .filter(([, is_there]) => is_there)
    .map(([part]) => part);
}

export function preset(tab) {
  const wanted = [...PRESETS[tab], 'tiles'];
  if (wanted.includes('distance') && !parts().includes('distance')) wanted.push('service');
  return Object.fromEntries(wanted.map((part) => [part, true]));
}
export const is_shown = (part) => Boolean(state.shown[part]);

export const classes = colours.distance_classes(bands, primary);

function distance_colour(metres, reach) {
  if (reach === 'unknown') return colours.UNKNOWN;
  if (metres === null || reach === 'unreachable') return colours.UNREACHABLE;
  return colours.class_of(classes, metres).colour;
}

export const cell_colour = (of, i) => distance_colour(of.value('walk_m_median', i), of.value('reach', i));

/** Of a street the middle of its walk. */
export function street_walk(of, i) {
  const from = of.value('walk_m_from', i);
  const to = of.value('walk_m_to', i);
  return from === null ? to : to === null ? from : (from + to) / 2;
}
export const street_colour = (of, i) => distance_colour(street_walk(of, i), null);

/** Records by colour, for a picture. */
export function by_colour(of, colour, rows = null) {
  const found = new Map();
  const add = (i) => {
    const c = colour(of, i);
    if (!found.has(c)) found.set(c, []);
    found.get(c).push(i);
  };
  if (rows) rows.forEach(add);
  else for (let i = 0; i < of.count; i++) add(i);
  return found;
}

export const gap_colour = (of, i) => colours.class_of(colours.GAP_RANKS, of.value('rank', i) ?? Infinity).colour;
export const remedy_colour = (of, i) => colours.code_colour('class', of.value('class', i));
export const zone_colour = (of, i) => {
  const share = of.value('covered_share_65', i);
  return share === null ? colours.UNKNOWN : colours.class_of(colours.SHARES, share).colour;
};
/** Records of cells that the chosen scenario changes -> records of scenario_cells. */
function changed_cells() {
  const of = layer('scenario_cells');
  const name = layer('scenarios')?.value('scenario', state.change);
  const found = new Map();
  for (const i of of?.rows((r) => of.value('scenario', r) === name) ?? []) {
    const cell = find('cells', 'cell_id', of.value('cell_id', i));
    if (cell >= 0) found.set(cell, i);
  }
  return found;
}

/** Colour of each cell that changes. */
export function change_colours() {
  const of = layer('scenario_cells');
  const found = new Map();
  for (const [cell, i] of changed_cells()) {
    const gains = (of.value('gaining_65', i) ?? 0) > 0;
    found.set(cell, gains ? colours.GAINED : (of.value('losing_65', i) ?? 0) > 0 ? colours.LOST : colours.UNKNOWN);
  }
  return found;
}

/** Radius of a venue: area by participants; unknown is small. */
export function venue_radius(of, i) {
  const people = of.value('participants', i);
  return people === null ? 4.5 : Math.min(16, 4 + 1.5 * Math.sqrt(Math.max(0, people)));
}
export const venue_counts = (of, i) => of.value('counts', i) !== false;

/** What lies under a part of the map: { layer, rows, kind }; null: nothing. */
export function shown_rows(part) {
  if (part === 'gaps') return gaps();
  if (part === 'mobility') return mobility();
  if (part === 'zones' || part === 'shares') return zones();
  if (part === 'sites') {
    const all = sites();
    return all ? { ...all, rows: all.rows.filter((i) => all.layer.value('order', i) <= state.k) } : null;
  }
  if (part === 'changes') {
    const changed = changed_cells();
    const of = layer('cells');
    return of && changed.size ? { layer: of, rows: [...changed.keys()], kind: 'cells' } : null;
  }
  if (part === 'service') {
    const of = layer('service_areas');
    if (!of) return null;
    const wanted = bands[state.band] ?? primary;
    return { layer: of, rows: of.rows((i) => of.value('venue_id', i) === null && of.value('band_m', i) === wanted), kind: 'service' };
  }
  const of = layer(part === 'distance' ? state.base : part);
  return of ? { layer: of, rows: of.rows(), kind: of.name } : null;
}

export { at_year, layer_of, years };
