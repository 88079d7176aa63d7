// What the run says of the town, ready for lists, map and charts: which records are shown at the chosen year, names by
// id, settings by key.
import { layer, run } from './data.js';
import { state } from './state.js';
import { t } from './words.js';

const settings = new Map((run()?.settings ?? []).map((s) => [s.key, s]));
export const setting = (key) => settings.get(key) ?? null;
const number_of = (key) => {
  const value = Number(settings.get(key)?.value);
  return Number.isFinite(value) ? value : null;
};

export const bands = (() => {
  const given = (settings.get('walk.bands_m')?.value ?? '').split(',').map(Number).filter((b) => b > 0);
  return given.length ? given : [500];
})();
export const primary = number_of('walk.primary_m') ?? bands[0];
/** Minutes on foot of a distance, by the first profile's speed; null: not known. */
export function minutes_of(metres) {
  const speed = number_of(`walk.profiles.${settings.get('walk.profile')?.value}.speed_m_per_min`);
  return speed && metres !== null ? metres / speed : null;
}

const by_id = new Map();
/** Record of a layer by the text of a column; -1: none. */
export function find(name, column, id) {
  const of = layer(name);
  if (!of || id === null) return -1;
  const key = `${name}/${column}`;
  if (!by_id.has(key)) {
    const index = new Map();
    for (let i = of.count - 1; i >= 0; i--) index.set(of.value(column, i), i);
    by_id.set(key, index);
  }
  return by_id.get(key).get(id) ?? -1;
}

export function venue_name(id) {
  const record = find('venues', 'venue_id', id);
  return record < 0 ? id : (layer('venues').value('name', record) ?? id);
}

export function zone_name(id) {
  const of = layer('zones');
  const record = find('zones', 'zone_id', id);
  return record < 0 ? id : (of.value('name', record) ?? id);
}

/** Years that the run has; the first is its own, and its number may be unknown. Empty: only its own. */
export function years() {
  const of = layer('year_zones');
  if (!of) return [];
  const found = [];
  for (let i = 0; i < of.count; i++) {
    const year = of.value('year', i);
    if (!found.includes(year)) found.push(year);
  }
  return found;
}

export const year_words = (year, index) => (year === null ? t('year_own') : index === 0 ? `${t('year_of', year)}（${t('year_own')}）` : t('year_of', year));

/** A layer at the chosen year: { layer, rows, kind }. */
export function at_year(name) {
  const all = years();
  const later = state.year > 0 && state.year < all.length ? layer(`year_${name}`) : null;
  if (later) return { layer: later, rows: later.rows((i) => later.value('year', i) === all[state.year]), kind: `year${name}` };
  const own = layer(name);
  return own ? { layer: own, rows: own.rows(), kind: name } : null;
}

/** Zones of the ledger, without the rows beside them. */
export function zones() {
  const at = at_year('zones');
  return at ? { ...at, rows: at.rows.filter((i) => at.layer.value('level', i) === 'zone') } : null;
}

/** { layer, record } of the municipality. */
export function municipality(of = at_year('zones')) {
  const record = of?.rows.find((i) => of.layer.value('level', i) === 'municipality');
  return record === undefined ? null : { layer: of.layer, record };
}

export function gaps() {
  const at = at_year('gaps');
  if (!at) return null;
  const rank = (i) => at.layer.value('rank', i) ?? Infinity;
  return { ...at, rows: [...at.rows].sort((a, b) => rank(a) - rank(b)) };
}

export function mobility() {
  const of = layer('mobility');
  if (!of) return null;
  return { layer: of, rows: of.rows().sort((a, b) => (of.value('people_65', b) ?? 0) - (of.value('people_65', a) ?? 0)), kind: 'mobility' };
}

export function sites() {
  const of = layer('sites');
  return of ? { layer: of, rows: of.rows().sort((a, b) => of.value('order', a) - of.value('order', b)), kind: 'sites' } : null;
}

/** The layer behind a kind of chosen thing. */
export const layer_of = (kind) => layer(kind.startsWith('year') ? `year_${kind.slice(4)}` : kind);
