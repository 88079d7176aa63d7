// One A4 page for each zone, for the meeting: what there is first, then at most seven numbers, the map, where the target
// people are, first places and mobility candidates by name, and room for gatherings that nobody has listed yet.
import { load, run } from './data.js';
import { target_bar } from './detail.js';
import { h } from './dom.js';
import * as f from './format.js';
import { code_colour, distance_classes } from './palette.js';
import { zone_map } from './sheet_map.js';
import { state } from './state.js';
import { bands, mobility, primary, setting, sites, zones } from './town.js';
import { origin, set_language, t, word } from './words.js';

const LAYERS = ['zones', 'gaps', 'venues', 'cells', 'sites', 'mobility', 'streets', 'resources', 'inventory'];
const LISTED = 3;
const LINES = 3;

const app = document.getElementById('app');
const of_zone = (at, id) => (at ? at.rows.filter((i) => at.layer.value('zone_id', i) === id).slice(0, LISTED) : []);

/** What there is, as sentences; what is not known is not said. */
function strengths(of, i) {
  const n = (column) => of.value(column, i);
  const say = [];
  if (n('venues_counting') !== null) say.push(t('sheet_venues', f.count(n('venues_counting'))));
  if (n('participants') !== null) say.push(t(n('participants_at_least') === true ? 'sheet_participants_least' : 'sheet_participants', f.count(n('participants'))));
  if ((n('supporters') ?? 0) > 0) say.push(t('sheet_supporters', f.count(n('supporters'))));
  if ((n('free_seats') ?? 0) > 0) say.push(t('sheet_free', f.count(n('free_seats'))));
  const halls = ['halls_count', 'centres_count', 'shops_count', 'clinics_count', 'volunteer_groups_count', 'providers_count'].filter((c) => (n(c) ?? 0) > 0);
  if (halls.length) say.push(t('sheet_resources', halls.map((c) => `${t(`sheet_${c}`)} ${f.count(n(c))}`).join(t('comma'))));
  if ((n('providers_willing') ?? 0) > 0) say.push(t('sheet_willing', f.count(n('providers_willing'))));
  return say.length ? say : [t('sheet_no_strengths')];
}

/** At most seven numbers. */
function numbers(of, i) {
  const tile = (label, value, shown) => (value === null ? null : h('div', {}, h('dt', {}, label), h('dd', {}, f.exact(value, shown))));
  const n = (column) => of.value(column, i);
  return [
    tile(t('pop_65'), n('pop_65'), f.people(n('pop_65'))),
    tile(t('sheet_covered', f.metres(primary)), n('covered_share_65'), f.share(n('covered_share_65'), 0)),
    tile(t('sheet_in_gap'), n('in_gap_65'), f.people(n('in_gap_65'))),
    tile(t('sheet_target', f.share(n('target_rate'), 0)), n('target_participants'), f.people(n('target_participants'))),
    tile(t('participants_now'), n('participants'), f.people(n('participants'))),
    tile(t('sheet_shortfall'), n('shortfall'), f.people(n('shortfall'))),
    tile(t('sheet_no_shop'), n('no_venue_no_shop_65'), f.people(n('no_venue_no_shop_65'))),
  ].filter(Boolean);
}

function site_list(at, records) {
  if (!records.length) return h('p', {}, t('none_sites'));
  return h('ol', { class: 'numbered sites' }, records.map((i, n) => h('li', {}, h('b', { class: 'mark' }, n + 1), h('span', {}, h('strong', {}, at.layer.value('site_name', i) ?? at.layer.value('site_id', i)), t('sheet_gain', f.people(at.layer.value('gain_65', i)))))));
}

function mobility_list(at, records) {
  if (!records.length) return h('p', {}, t('none_mobility'));
  return h(
    'ol',
    { class: 'numbered' },
    records.map((i, n) =>
      h(
        'li',
        {},
        h('b', { class: 'mark round' }, n + 1),
        h('span', {}, h('strong', {}, at.layer.value('gap_name', i) ?? at.layer.value('gap_id', i)), ' ', h('i', { class: 'key', css: { background: code_colour('class', at.layer.value('class', i)) } }), `${word(at.layer, 'class', i)}${t('stop_sign')}`, at.layer.value('nearest_venue_name', i) === null ? t('sheet_area_none', f.people(at.layer.value('people_65', i))) : t('sheet_area', f.people(at.layer.value('people_65', i)), at.layer.value('nearest_venue_name', i))),
      ),
    ),
  );
}

function legend() {
  const swatch = (colour, words) => h('li', {}, h('i', { class: 'key', css: { background: colour } }), words);
  const classes = distance_classes(bands, primary);
  return h(
    'ul',
    { class: 'plain legend' },
    classes.map((c, n) => swatch(c.colour, c.to === Infinity ? t('farther') : t(n ? 'farther_to' : 'within', f.metres(c.to)))),
    h('li', {}, h('i', { class: 'dot' }), t('show_venues')),
    h('li', {}, h('i', { class: 'dashed' }), t('show_gaps')),
    h('li', {}, h('i', { class: 'mark small' }, '1'), t('show_sites')),
    h('li', {}, h('i', { class: 'mark round small' }, '1'), t('tab_mobility')),
  );
}

const missing_box = () =>
  h(
    'section',
    { class: 'missing' },
    h('h3', {}, t('sheet_missing')),
    h('table', {}, h('thead', {}, h('tr', {}, ['sheet_missing_name', 'sheet_missing_place', 'sheet_missing_day', 'sheet_missing_people'].map((c) => h('th', { scope: 'col' }, t(c))))), h('tbody', {}, Array.from({ length: LINES }, () => h('tr', {}, h('td', {}), h('td', {}), h('td', {}), h('td', {}))))),
    h('p', { class: 'note' }, t('sheet_missing_note')),
  );

function dates(of, i) {
  const date = (column, key, ...more) => (of.value(column, i) === null ? null : t(key, of.value(column, i), ...more));
  return [
    date('people_date', 'date_people'),
    date('official_date', 'date_official', of.value('official_source', i) ?? t('official')),
    date('participants_date', 'date_participants'),
    date('venues_date', 'date_venues'),
    setting('walk.primary_m') ? t('threshold_walk', f.metres(primary), setting('walk.basis')?.value ?? origin(setting('walk.primary_m'))) : null,
    setting('targets.rate') ? t('threshold_rate', f.share(Number(setting('targets.rate').value), 0), setting('targets.basis')?.value ?? origin(setting('targets.rate'))) : null,
  ].filter(Boolean);
}

function sheet(at, i) {
  const of = at.layer;
  const id = of.value('zone_id', i);
  const name = of.value('name', i) ?? id;
  const all_sites = sites();
  const all_areas = mobility();
  const first_sites = of_zone(all_sites, id);
  const first_areas = of_zone(all_areas, id);
  const bar = target_bar(of, i);
  return h(
    'article',
    { class: 'sheet', 'data-zone': id },
    h('header', {}, h('p', {}, run().municipality ?? '', h('span', { class: 'audience' }, t(run().audience === 'public' ? 'public' : 'internal'))), h('h2', {}, name), h('p', {}, t('sheet_title'))),
    of.value('partial', i) === true ? h('p', { class: 'notice' }, t('partial')) : null,
    h('section', { class: 'strengths' }, h('h3', {}, t('strengths')), h('ul', { class: 'plain' }, strengths(of, i).map((s) => h('li', {}, s)))),
    h('dl', { class: 'numbers' }, numbers(of, i)),
    h('figure', {}, zone_map(i, first_sites, first_areas, `${name} ${t('map')}`) ?? h('p', {}, t('nothing_drawn')), legend()),
    bar ? h('section', {}, h('h3', {}, t('sheet_where')), bar) : null,
    h('div', { class: 'two' }, h('section', {}, h('h3', {}, t('sheet_sites')), site_list(all_sites, first_sites)), h('section', {}, h('h3', {}, t('sheet_mobility')), mobility_list(all_areas, first_areas))),
    missing_box(),
    h('footer', {}, h('p', {}, t('hypothesis'), h('em', {}, t('hypothesis_known')), t('hypothesis_end')), h('p', {}, dates(of, i).join('／'))),
  );
}

function chooser(at, chosen) {
  const go = (id) => {
    location.hash = id === null ? '' : `zone=${encodeURIComponent(id)}`;
  };
  return h(
    'nav',
    { class: 'chooser' },
    h('a', { href: 'index.html' }, t('sheet_to_map')),
    h('label', {}, `${t('zone')}: `, h('select', { id: 'zone', onchange: (e) => go(e.target.value === '' ? null : e.target.value.slice(1)) }, h('option', { value: '', selected: chosen === null }, t('sheet_all')), at.rows.map((i) => h('option', { value: `=${at.layer.value('zone_id', i)}`, selected: chosen === at.layer.value('zone_id', i) }, at.layer.value('name', i) ?? at.layer.value('zone_id', i))))),
    h('button', { type: 'button', id: 'print', onclick: () => window.print() }, t('print')),
    h('button', { type: 'button', id: 'language', onclick: () => { state.lang = state.lang === 'ja' ? 'en' : 'ja'; build(); } }, t('language')),
  );
}

function build() {
  set_language(state.lang);
  document.documentElement.lang = state.lang;
  const at = zones();
  const wanted = new URLSearchParams(location.hash.slice(1)).get('zone');
  document.title = `${run()?.municipality ?? ''} ${t('sheet_title')}`.trim();
  if (!at?.rows.length) {
    app.replaceChildren(h('p', { class: 'notice', role: 'alert' }, t('none_zones')));
    return;
  }
  const rows = at.rows.filter((i) => wanted === null || at.layer.value('zone_id', i) === wanted);
  app.replaceChildren(chooser(at, wanted), h('main', {}, rows.length ? rows.map((i) => sheet(at, i)) : h('p', { class: 'notice', role: 'alert' }, t('sheet_no_zone', wanted))));
  app.dataset.ready = 'all';
}

async function start() {
  if (!run()) {
    app.append(h('p', { class: 'notice', role: 'alert' }, t('no_data')));
    return;
  }
  const there = (run().layers ?? []).map((l) => l.layer);
  await load(LAYERS.filter((l) => there.includes(l)));
  state.band = Math.max(0, bands.indexOf(primary));
  window.addEventListener('hashchange', build);
  build();
}

start();
