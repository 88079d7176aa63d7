// Lists beside the map, one tab for each question; what is chosen takes their place until one goes back.
import * as charts from './charts.js';
import { layer, run } from './data.js';
import { describe, target_bar, twin } from './detail.js';
import { h } from './dom.js';
import * as f from './format.js';
import { REMEDIES, code_colour } from './palette.js';
import { set, state } from './state.js';
import { parts } from './themes.js';
import * as town from './town.js';
import { t, word } from './words.js';

export const TABS = ['summary', 'gaps', 'zones', 'sites', 'mobility', 'changes', 'charts'];
/* A tab without its layers (the public part may lack them) is not there. */
const NEEDED = { gaps: 'gaps', zones: 'zones', sites: 'sites', mobility: 'mobility', changes: 'scenarios' };
export const tabs_there = () => TABS.filter((tab) => !NEEDED[tab] || layer(NEEDED[tab]) !== null);

const ROWS_MAX = 200; // of a list; the table has the others

/** Choosing from a list also shows the place. */
const choose = (kind, record) => () => set({ chosen: { kind, record, from_list: true } });

function item(kind, of, i, number, title, facts) {
  return h(
    'li',
    {},
    h(
      'button',
      { type: 'button', class: 'item', onclick: choose(kind, i), 'data-kind': kind, 'data-record': i },
      number === null ? null : h('span', { class: `number number-${kind.replace(/^year/, '')}` }, String(number)),
      h('span', { class: 'item-text' }, h('span', { class: 'item-title' }, title), h('span', { class: 'item-facts' }, facts.filter(Boolean).map((fact) => h('span', {}, fact)))),
    ),
  );
}

const list = (items, more = 0) => [h('ol', { class: 'list' }, items), more > 0 ? h('p', { class: 'note' }, t('more_rows', f.count(more))) : null];
const remedy_key = (code) => h('i', { class: 'key', css: { backgroundColor: code_colour('class', code) } });
const note = (text) => h('p', { class: 'note' }, text);
const name_of = (of, i, name, id) => of.value(name, i) ?? of.value(id, i) ?? f.DASH;

const gap_item = (at, i) =>
  item(at.kind, at.layer, i, at.layer.value('rank', i), name_of(at.layer, i, 'gap_name', 'gap_id'), [
    h('b', {}, f.exact(at.layer.value('people_65', i), f.people(at.layer.value('people_65', i)))),
    word(at.layer, 'class', i),
    at.layer.value('walk_m_median', i) === null ? null : t('nearest_to', f.metres(at.layer.value('walk_m_median', i))),
  ]);

const zone_item = (at, i) =>
  item(at.kind, at.layer, i, null, name_of(at.layer, i, 'name', 'zone_id'), [
    h('b', {}, `${t('covered_share')} ${f.share(at.layer.value('covered_share_65', i), 0)}`),
    `${t('beyond_people')} ${f.people(beyond(at.layer, i))}`,
    at.layer.value('target_participants', i) === null ? null : `${t('target')} ${f.people(at.layer.value('target_participants', i))}`,
    at.layer.value('shortfall', i) === null ? null : `${t('shortfall')} ${f.people(at.layer.value('shortfall', i))}`,
  ]);

function beyond(of, i) {
  const far = of.value('beyond_65', i);
  const none = of.value('unreachable_65', i);
  return far === null ? null : far + (none ?? 0);
}

/* --- tabs ------------------------------------------------------------------------------------------------------------ */

function summary() {
  const all = town.municipality();
  const of = all?.layer;
  const gaps = town.gaps();
  const zones = town.zones();
  const unknown = of?.value('unknown_65', all.record) ?? 0;
  return [
    of
      ? h(
          'section',
          { class: 'lead' },
          h('p', {}, t('lead', f.people(of.value('pop_65', all.record)))),
          h('p', { class: 'big' }, f.exact(of.value('covered_65', all.record), f.people(of.value('covered_65', all.record))), h('small', {}, `（${f.share(of.value('covered_share_65', all.record))}、${t('lead_within', f.metres(town.primary))}）`)),
          h('p', {}, t('lead_left', f.people(beyond(of, all.record))), gaps ? t('lead_gaps', t('places', f.count(gaps.rows.length))) : null, unknown > 0 ? t('lead_unknown', f.people(unknown)) : null),
        )
      : note(t('not_there')),
    of
      ? h(
          'section',
          {},
          h('h3', {}, t('strengths')),
          h(
            'dl',
            { class: 'tiles' },
            [['venues_counting', 'strength_venues', (v) => t('places', f.count(v))], ['participants', 'strength_participants', f.people], ['free_seats', 'strength_seats', f.count]].map(([column, label, write]) =>
              of.value(column, all.record) === null ? null : h('div', {}, h('dt', {}, t(label)), h('dd', {}, f.exact(of.value(column, all.record), write(of.value(column, all.record))))),
            ),
          ),
        )
      : null,
    remedies(),
    gaps?.rows.length ? h('section', {}, h('h3', {}, t('start_gaps')), list(gaps.rows.slice(0, 5).map((i) => gap_item(gaps, i))), go('gaps', gaps.rows.length)) : null,
    zones?.rows.length > 1
      ? h('section', {}, h('h3', {}, t('start_zones')), list(by_beyond(zones).slice(0, 5).map((i) => zone_item(zones, i))), go('zones', zones.rows.length))
      : null,
    for_the_public(),
    left_out(),
  ];
}

const by_beyond = (zones) => [...zones.rows].sort((a, b) => (beyond(zones.layer, b) ?? -1) - (beyond(zones.layer, a) ?? -1));
const go = (tab, count) => h('p', {}, h('button', { type: 'button', class: 'link', onclick: () => set({ tab, chosen: null }) }, t('see_all', f.count(count))));

function remedies() {
  const gaps = town.gaps();
  if (!gaps?.rows.length) return null;
  const sums = new Map();
  for (const i of gaps.rows) {
    const code = gaps.layer.value('class', i);
    if (code === null) continue;
    const sum = sums.get(code) ?? { words: word(gaps.layer, 'class', i), people: 0, count: 0 };
    sum.people += gaps.layer.value('people_65', i) ?? 0;
    sum.count++;
    sums.set(code, sum);
  }
  const order = REMEDIES.filter((code) => sums.has(code));
  return h(
    'section',
    {},
    h('h3', {}, t('remedies_title')),
    h('ul', { class: 'plain remedies' }, order.map((code) => h('li', {}, remedy_key(code), h('span', {}, sums.get(code).words), h('b', {}, f.people(sums.get(code).people)), h('span', {}, t('places', f.count(sums.get(code).count)))))),
  );
}

/* What a public page does not show, and why. */
function for_the_public() {
  if (run().audience !== 'public') return null;
  const notes = new Set();
  for (const name of ['zones', 'gaps', 'mobility']) {
    const of = layer(name);
    for (let i = 0; of?.has('hidden_note') && i < of.count; i++) if (of.value('hidden_note', i) !== null) notes.add(of.value('hidden_note', i));
  }
  return h('section', { class: 'notice', id: 'public' }, h('h3', {}, t('public_title')), h('p', {}, t('public_text')), [...notes].map((n) => h('p', {}, n)));
}

function left_out() {
  const all = run().left_out ?? [];
  if (!all.length) return null;
  return h('section', { class: 'notice' }, h('h3', {}, t('left_out_title')), h('ul', {}, all.map((o) => h('li', {}, t('left_out', o.alias, f.count(o.records), o.shown ? t('left_out_some', f.count(o.shown)) : t('left_out_all'))))));
}

function year_slider() {
  const all = town.years();
  if (all.length < 2) return null;
  return h(
    'p',
    { class: 'slider' },
    h('label', { for: 'year' }, t('year')),
    h('input', { id: 'year', type: 'range', min: 0, max: all.length - 1, step: 1, value: state.year, 'aria-valuetext': town.year_words(all[state.year], state.year), oninput: (e) => set({ year: Number(e.target.value), chosen: null }) }),
    h('output', { for: 'year' }, town.year_words(all[state.year], state.year)),
  );
}

function gaps() {
  const at = town.gaps();
  if (!at) return [year_slider(), note(t('not_there'))];
  if (!at.rows.length) return [year_slider(), note(t('none_gaps'))];
  return [note(t('gaps_note')), year_slider(), list(at.rows.slice(0, ROWS_MAX).map((i) => gap_item(at, i)), at.rows.length - ROWS_MAX)];
}

function zones() {
  const at = town.zones();
  if (!at?.rows.length) return [note(t('none_zones'))];
  return [note(t('zones_note')), year_slider(), list(by_beyond(at).slice(0, ROWS_MAX).map((i) => zone_item(at, i)), at.rows.length - ROWS_MAX), targets_of_town()];
}

function targets_of_town() {
  const all = town.municipality();
  const bar = all ? target_bar(all.layer, all.record) : null;
  return bar ? h('section', {}, h('h3', {}, t('target_parts')), bar) : null;
}

function sites() {
  const at = town.sites();
  if (!at?.rows.length) return [note(t('none_sites'))];
  const last = at.layer.value('order', at.rows.at(-1));
  const k = Math.min(state.k, last);
  const now = town.municipality({ layer: layer('zones'), rows: layer('zones')?.rows() ?? [] });
  const record = at.rows.find((i) => at.layer.value('order', i) === k);
  const curve = layer('site_curve');
  const best = curve?.rows((i) => curve.value('k', i) === k)[0];
  const best_gain = best === undefined ? null : curve.value('best_65', best);
  const gain = record === undefined ? 0 : at.layer.value('gain_so_far_65', record);
  const pop = now ? now.layer.value('pop_65', now.record) : null;
  const flat = best !== undefined && curve.value('diminishing', best) === true;
  return [
    note(t('sites_note')),
    h(
      'p',
      { class: 'slider' },
      h('label', { for: 'k' }, t('sites_k')),
      h('input', { id: 'k', type: 'range', min: 0, max: last, step: 1, value: k, oninput: (e) => set({ k: Number(e.target.value) }) }),
      h('output', { for: 'k' }, t('places', f.count(k))),
    ),
    h(
      'p',
      { class: 'result', 'aria-live': 'polite' },
      record === undefined
        ? now ? t('sites_zero', f.people(now.layer.value('covered_65', now.record)), f.share(now.layer.value('covered_share_65', now.record))) : null
        : t('sites_now', t('places', f.count(k)), f.people(at.layer.value('covered_after_65', record)), f.share(at.layer.value('covered_after_share', record)), f.people(gain)),
      best_gain !== null && gain !== null && best_gain - gain >= 0.5 ? h('span', { class: 'aside' }, t('sites_best', f.people(best_gain - gain), now && pop ? f.share((now.layer.value('covered_65', now.record) + best_gain) / pop) : f.DASH)) : null,
      flat ? h('span', { class: 'aside' }, t('sites_flat')) : null,
    ),
    charts.sites_chart(k, true),
    list(
      at.rows.slice(0, ROWS_MAX).map((i) =>
        item('sites', at.layer, i, at.layer.value('order', i), name_of(at.layer, i, 'site_name', 'site_id'), [h('b', {}, `+${f.people(at.layer.value('gain_65', i))}`), at.layer.value('covered_after_share', i) === null ? null : f.share(at.layer.value('covered_after_share', i)), town.zone_name(at.layer.value('zone_id', i))]),
      ),
      at.rows.length - ROWS_MAX,
    ),
  ];
}

function mobility() {
  const at = town.mobility();
  if (!at) return [note(t('not_there'))];
  if (!at.rows.length) return [note(t('none_mobility'))];
  return [
    note(t('mobility_note')),
    list(
      at.rows.slice(0, ROWS_MAX).map((i, n) =>
        item('mobility', at.layer, i, n + 1, name_of(at.layer, i, 'gap_name', 'gap_id'), [
          h('b', {}, f.exact(at.layer.value('people_65', i), f.people(at.layer.value('people_65', i)))),
          h('span', {}, remedy_key(at.layer.value('class', i)), word(at.layer, 'class', i)),
          at.layer.value('needs_provider', i) === true ? t('needs_provider') : null,
        ]),
      ),
      at.rows.length - ROWS_MAX,
    ),
  ];
}

function changes() {
  const of = layer('scenarios');
  const zones = layer('scenario_zones');
  const i = Math.min(state.change, of.count - 1);
  const name = of.value('scenario', i);
  const rows = zones?.rows((r) => zones.value('scenario', r) === name && ['zone', 'municipality'].includes(zones.value('level', r))) ?? [];
  const figures = [['covered_65', t('gain_now'), f.people], ['covered_share_65', t('covered_share'), f.share], ['in_gap_65', t('beyond_people'), f.people], ['gaps_count', t('gaps_count'), f.count], ['target_too_far', t('target_too_far'), f.people], ['free_seats', t('free_seats'), f.count], ['shortfall', t('shortfall'), f.people]];
  return [
    note(t('changes_note')),
    h('p', { class: 'slider' }, h('label', { for: 'change' }, t('change')), h('select', { id: 'change', onchange: (e) => set({ change: Number(e.target.value), chosen: null }) }, of.rows().map((r) => h('option', { value: r, selected: r === i }, of.value('scenario', r))))),
    h('p', { class: 'result' }, `${t('gaining')} ${f.people(of.value('gaining_65', i))} / ${t('losing')} ${f.people(of.value('losing_65', i))}`),
    charts.table([t('figure'), t('before'), t('after'), t('difference')], figures.filter(([c]) => of.value(`${c}_before`, i) !== null).map(([c, label, write]) => [label, write(of.value(`${c}_before`, i)), write(of.value(`${c}_after`, i)), f.signed(of.value(`${c}_change`, i), write)])),
    rows.length ? [h('h3', {}, t('kind_zones')), charts.table([t('zone'), t('before'), t('after'), t('difference')], rows.map((r) => [zones.value('name', r) ?? zones.value('zone_id', r), f.people(zones.value('covered_65_before', r)), f.people(zones.value('covered_65_after', r)), f.signed(zones.value('covered_65_change', r), f.people)]), t('gain_now'))] : null,
  ];
}

function all_charts() {
  const drawn = [charts.distance_chart(), charts.targets_chart(), charts.sites_chart(state.k), charts.years_chart()].filter(Boolean);
  return [note(t('charts_note')), drawn, tables()];
}

/** The lists as tables, for those who read tables and where no map can be drawn. */
export function tables() {
  const g = town.gaps();
  const z = town.zones();
  const v = layer('venues');
  const cut = (rows) => rows.slice(0, 1000);
  const of = (at, title, head, write) => (at?.rows.length ? h('details', { class: 'table', 'data-table': at.layer.name }, h('summary', {}, `${title}（${f.count(at.rows.length)}）`), charts.table(head, cut(at.rows).map(write)), at.rows.length > 1000 ? note(t('more_rows', f.count(at.rows.length - 1000))) : null) : null);
  return [
    of(z, t('table_zones'), [t('zone'), t('pop_65'), t('covered_share'), t('beyond_people'), t('target'), t('participants_now'), t('shortfall')], (i) => [name_of(z.layer, i, 'name', 'zone_id'), f.people(z.layer.value('pop_65', i)), f.share(z.layer.value('covered_share_65', i)), f.people(beyond(z.layer, i)), f.people(z.layer.value('target_participants', i)), f.people(z.layer.value('participants', i)), f.people(z.layer.value('shortfall', i))]),
    of(g, t('table_gaps'), [t('kind_gaps'), t('pop_65'), t('nearest'), t('walk'), t('why_title'), t('remedy_title')], (i) => [name_of(g.layer, i, 'gap_name', 'gap_id'), f.people(g.layer.value('people_65', i)), f.text(town.venue_name(g.layer.value('nearest_venue_id', i))), f.metres(g.layer.value('walk_m_median', i)), f.text(word(g.layer, 'cause', i)), f.text(word(g.layer, 'class', i))]),
    of(v ? { layer: v, rows: v.rows() } : null, t('table_venues'), [t('kind_venues'), t('activity'), t('participants'), t('capacity'), t('only_covered')], (i) => [name_of(v, i, 'name', 'venue_id'), f.text(v.value('activity', i)), f.people(v.value('participants', i)), f.count(v.value('capacity', i)), f.people(v.value('only_covered_65', i))]),
  ];
}

const CONTENT = { summary, gaps, zones, sites, mobility, changes, charts: all_charts };

/** What the panel shows now: the chosen record, or the list of the tab. others: further things at the same place. */
export function content(others, can_draw) {
  const said = state.chosen ? describe(state.chosen) : null;
  if (!said) return CONTENT[state.tab]();
  const beside = [twin(state.chosen), ...others].filter((o) => o && !(o.kind === state.chosen.kind && o.record === state.chosen.record) && describe(o));
  return [
    h(
      'article',
      { class: 'detail', 'data-kind': state.chosen.kind, 'data-record': state.chosen.record },
      h('p', { class: 'detail-bar' }, h('button', { type: 'button', class: 'link', id: 'back', onclick: () => set({ chosen: null }) }, `← ${t('back')}`), can_draw ? h('button', { type: 'button', class: 'link', onclick: () => set({ chosen: { ...state.chosen, from_list: true } }) }, t('on_map')) : null),
      h('p', { class: 'kind' }, said.kind_word),
      h('h2', { tabindex: -1, id: 'chosen' }, said.title),
      said.tags.length ? h('ul', { class: 'plain tags' }, said.tags.map((tag) => h('li', {}, tag))) : null,
      said.body,
      beside.length ? h('section', {}, h('h3', {}, t('also_here')), h('ul', { class: 'plain' }, beside.map((o) => h('li', {}, h('button', { type: 'button', class: 'link', onclick: () => set({ chosen: o }) }, `${describe(o).kind_word}: ${describe(o).title}`))))) : null,
    ),
  ];
}

export { parts };
