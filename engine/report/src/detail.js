// What is behind one record, in words: people, distance, the nearest venue, why, what remedy and on which assumptions.
import { layer } from './data.js';
import { h } from './dom.js';
import * as f from './format.js';
import { PARTS, code_colour } from './palette.js';
import { find, layer_of, minutes_of, setting, venue_name, years, zone_name } from './town.js';
import { origin, t, word, word_of } from './words.js';

/** Label and value, or nothing when the value is unknown and `always` is not set. */
const row = (label, shown, value = undefined, always = false) =>
  shown === f.DASH && !always ? null : h('div', { class: 'fact' }, h('dt', {}, label), h('dd', {}, value === undefined ? shown : f.exact(value, shown)));
/** Is the value kept from the public? Then that is said, and not that nobody knows it. */
export const is_hidden = (of, i, column) => of.value(column, i) === null && (of.value('hidden', i) ?? '').split('; ').includes(column);
const number_row = (of, i, column, label, write, always) =>
  is_hidden(of, i, column) ? row(label, t('hidden')) : of.has(column) || always ? row(label, write(of.value(column, i)), of.value(column, i), always) : null;
const part = (title, ...rows) => {
  const there = rows.flat().filter(Boolean);
  return there.length ? h('section', {}, h('h3', {}, title), h('dl', { class: 'facts' }, there)) : null;
};

/** A setting with its origin: "徒歩圏とする距離 500 m（仮定）". */
function assumption(key, label, write = (v) => v) {
  const s = setting(key);
  return s ? h('li', {}, `${t(label)}: ${write(s.value)}`, h('span', { class: 'origin' }, `（${origin(s)}）`)) : null;
}
const in_metres = (v) => f.metres(Number(v));
const in_share = (v) => f.share(Number(v));

const ASSUMPTIONS = {
  new_venue: [['walk.primary_m', 'key_walk_primary', in_metres], ['sites.min_people_65', 'key_min_people'], ['targets.rate', 'key_rate', in_share]],
  transit: [['transit.stop_m', 'key_stop', in_metres], ['transit.departures', 'key_departures'], ['walk.primary_m', 'key_walk_primary', in_metres]],
  mobility_support: [['targets.rate', 'key_rate', in_share], ['targets.attendances', 'key_attendances'], ['gaps.sessions_per_month', 'key_sessions'], ['gaps.min_riders', 'key_riders'], ['mobility.vehicle_seats', 'key_vehicle_seats'], ['mobility.speed_m_per_min', 'key_vehicle_speed']],
  outreach: [['targets.rate', 'key_rate', in_share], ['gaps.sessions_per_month', 'key_sessions'], ['gaps.min_riders', 'key_riders']],
};

const assumptions = (code) => {
  const items = (ASSUMPTIONS[code] ?? []).map((a) => assumption(...a)).filter(Boolean);
  return items.length ? h('section', {}, h('h3', {}, t('assumptions_title')), h('ul', { class: 'plain' }, items)) : null;
};

const people_part = (of, i) =>
  part(
    t('people_title'),
    number_row(of, i, 'people_65', t('pop_65'), f.people, true),
    number_row(of, i, 'people_75', plus(75), f.people),
    number_row(of, i, 'people_85', plus(85), f.people),
    of.value('target_participants', i) === null ? null : row(t('target'), f.people(of.value('target_participants', i)), of.value('target_participants', i)),
    number_row(of, i, 'no_venue_no_shop_65', t('no_venue_no_shop'), f.people),
  );
const plus = (age) => (t('no') === 'no' ? `${age}+` : `${age}歳以上`);

function nearest_rows(of, i, id_column, walk_column) {
  const id = of.value(id_column, i);
  return [
    row(t('nearest'), id === null ? t('nearest_none') : venue_name(id), undefined, true),
    number_row(of, i, walk_column, t('walk'), (v) => (v === null ? f.DASH : `${f.metres(v)}${minutes_of(v) === null ? '' : `（${f.minutes(minutes_of(v))}）`}`)),
    number_row(of, i, 'straight_m', t('straight_line'), f.metres),
  ];
}

function causes(of, i) {
  const all = Object.keys(of.columns)
    .filter((c) => c.startsWith('cause_65_'))
    .map((c) => [c.slice('cause_65_'.length), of.value(c, i) ?? 0])
    .filter(([, n]) => n > 0)
    .sort((a, b) => b[1] - a[1]);
  if (!all.length) return null;
  return part(t('why_title'), all.map(([code, n]) => row(cause_word(of, code), f.people(n), n)));
}
/* A cause may stand in no record of the layer as the main one; then its column's alias has the word. */
function cause_word(of, code) {
  const said = word_of(of, 'cause', code);
  if (said !== code) return said;
  const alias = of.alias_of(`cause_65_${code}`);
  return t('no') === 'no' ? code.replaceAll('_', ' ') : alias.replace(/^.*[:：]/, '').replace(/（.*$/, '');
}

function remedy(of, i) {
  const code = of.value('class', i);
  if (code === null) return null;
  const place = of.value('site_name', i) ?? of.value('site_id', i);
  const text = code === 'new_venue' && place === null ? null : `remedy_${code}` in { remedy_new_venue: 1, remedy_transit: 1, remedy_mobility_support: 1, remedy_outreach: 1 } ? t(`remedy_${code}`, place ?? '') : null;
  return h('section', {}, h('h3', {}, t('remedy_title')), h('p', { class: 'remedy', css: { borderColor: code_colour('class', code) } }, h('strong', {}, word(of, 'class', i)), text ? h('span', {}, text) : null));
}

const supply = (of, i) =>
  part(
    t('supply_title'),
    row(t('stop'), of.value('stop_name', i) === null ? f.DASH : t('stop_of', of.value('stop_name', i), f.metres(of.value('walk_m_stop', i)))),
    number_row(of, i, 'stop_departures', t('departures'), f.count),
    number_row(of, i, 'venues_by_bus', t('by_bus'), f.count),
    number_row(of, i, 'walk_m_shop', t('shop'), f.metres),
    number_row(of, i, 'walk_m_clinic', t('clinic'), f.metres),
  );

function gap(of, i) {
  const zone = of.value('zone_id', i);
  const rank = of.value('rank', i);
  return {
    title: of.value('gap_name', i) ?? of.value('gap_id', i),
    tags: [rank === null ? null : t('rank', rank), zone === null ? null : zone_name(zone), word(of, 'settlement', i), word(of, 'terrain', i)],
    body: [
      people_part(of, i),
      part(
        t('distance_title'),
        row(t('nearest'), of.value('nearest_venue_id', i) === null ? t('nearest_none') : venue_name(of.value('nearest_venue_id', i)), undefined, true),
        of.value('walk_m_median', i) === null ? null : row(t('walk'), t('walk_range', f.metres(of.value('walk_m_median', i)), f.metres(of.value('walk_m_min', i)), f.metres(of.value('walk_m_max', i))), of.value('walk_m_median', i)),
      ),
      causes(of, i),
      remedy(of, i),
      assumptions(of.value('class', i)),
      supply(of, i),
    ],
  };
}

function mobility(of, i) {
  const zone = of.value('zone_id', i);
  return {
    title: of.value('gap_name', i) ?? of.value('gap_id', i),
    tags: [t('status_candidate'), zone === null ? null : zone_name(zone)],
    body: [
      remedy(of, i),
      people_part(of, i),
      part(
        t('distance_title'),
        row(t('nearest'), f.text(of.value('nearest_venue_name', i) ?? venue_name(of.value('nearest_venue_id', i)))),
        row(t('round_trip'), of.value('km_round_trip', i) === null ? f.DASH : `${f.plain(of.value('km_round_trip', i))} km`, of.value('km_round_trip', i)),
        row(t('free_seats'), of.value('free_venue_name', i) === null ? f.DASH : `${of.value('free_venue_name', i)}（${f.count(of.value('free_seats', i))}）`),
      ),
      part(
        t('tab_mobility'),
        number_row(of, i, 'riders_per_session', t('riders'), (v) => (v === null ? f.DASH : t('at_most', t('people', f.plain(v))))),
        number_row(of, i, 'tours_per_session', t('tours'), f.count),
        number_row(of, i, 'vehicle_hours_per_month', t('vehicle_hours'), (v) => (v === null ? f.DASH : t('hours', f.plain(v)))),
        row(t('providers'), f.text(of.value('provider_names', i))),
        of.value('needs_provider', i) === true ? row(t('providers'), t('needs_provider')) : null,
        row(t('hub'), f.text(of.value('hub_name', i))),
        of.value('shopping_package', i) === true ? row(t('shop'), t('package')) : null,
      ),
      assumptions(of.value('class', i)),
      supply(of, i),
    ],
  };
}

function venue(of, i) {
  const counts = of.value('counts', i) !== false;
  const by_sex = of.value('participants_m', i) !== null && of.value('participants_f', i) !== null;
  const now = of.value('participants', i);
  const change = of.value('participants_change', i);
  const zone = of.value('zone_id', i);
  return {
    title: of.value('name', i) ?? of.value('venue_id', i),
    tags: [zone === null ? null : zone_name(zone), of.value('activity', i)],
    body: [
      counts ? null : h('p', { class: 'notice' }, t('not_counted', word(of, 'reason', i) ?? '')),
      of.value('full', i) === true ? h('p', { class: 'notice' }, t('full')) : null,
      change !== null && change < 0 ? h('p', { class: 'notice' }, t('at_risk', f.signed(change))) : null,
      part(
        t('venue_title'),
        row(t('participants'), now === null ? f.DASH : by_sex ? t('participants_mf', f.people(now), f.count(of.value('participants_m', i)), f.count(of.value('participants_f', i))) : f.people(now), now, true),
        number_row(of, i, 'capacity', t('capacity'), f.count),
        number_row(of, i, 'free_seats', t('free_seats'), f.count),
        number_row(of, i, 'sessions_per_month', t('sessions'), f.plain),
        row(t('when'), f.text([of.value('weekday', i), of.value('hours', i)].filter(Boolean).join(' '))),
        row(t('operator'), f.text(of.value('operator', i))),
        number_row(of, i, 'supporters', t('supporters'), f.people),
        row(t('address'), f.text(of.value('address', i))),
      ),
      part(
        t('reach_title'),
        Object.keys(of.columns)
          .filter((c) => /^people_65_\d+$/.test(c))
          .map((c) => number_row(of, i, c, t('within', f.metres(Number(c.slice(10)))), f.people)),
        number_row(of, i, 'nearest_65', t('nearest_people'), f.people),
        number_row(of, i, 'only_covered_65', t('only_covered'), f.people),
      ),
    ],
  };
}

/** Target people of a zone by where they are, as a bar with words. */
export function target_bar(of, i) {
  const all = of.value('target_participants', i);
  const known = Object.keys(PARTS).map((c) => [c, of.value(c, i) ?? 0]);
  if (!all || known.every(([, n]) => n === 0)) return null;
  return h(
    'div',
    { class: 'parts' },
    h('div', { class: 'bar', 'aria-hidden': 'true' }, known.filter(([, n]) => n > 0).map(([c, n]) => h('span', { class: `part ${c}`, css: { width: `${(100 * n) / all}%` } }))),
    h('ul', { class: 'plain legend-list' }, known.filter(([, n]) => n > 0).map(([c, n]) => h('li', {}, h('i', { class: `key ${c}` }), `${t(c)} `, f.exact(n, f.people(n))))),
  );
}

function zone(of, i) {
  const all = years();
  const then = layer('year_zones');
  const id = of.value('zone_id', i);
  const first = then?.rows((r) => then.value('zone_id', r) === id && then.value('year', r) === all[0])[0];
  const last = then?.rows((r) => then.value('zone_id', r) === id && then.value('year', r) === all.at(-1))[0];
  const old = first === undefined ? null : then.value('pop_75', first);
  const later = last === undefined ? null : then.value('pop_75', last);
  const now = of.value('participants', i);
  const bar = target_bar(of, i);
  return {
    title: of.value('name', i) ?? id,
    tags: [of.value('partial', i) === true ? t('partial') : null],
    body: [
      part(
        t('strengths'),
        number_row(of, i, 'venues_counting', t('strength_venues'), (v) => (v === null ? f.DASH : t('places', f.count(v)))),
        row(t('participants_now'), now === null ? f.DASH : of.value('participants_at_least', i) === true ? t('at_least', f.people(now)) : f.people(now), now, true),
        number_row(of, i, 'free_seats', t('free_seats'), f.count),
        number_row(of, i, 'supporters', t('supporters'), f.people),
        number_row(of, i, 'male_share', t('male_share'), f.share),
      ),
      part(
        t('people_title'),
        number_row(of, i, 'pop_65', t('pop_65'), f.people, true),
        number_row(of, i, 'pop_75', plus(75), f.people),
        number_row(of, i, 'aging_rate', t('aging_rate'), f.share),
        number_row(of, i, 'official_65', t('official'), f.people),
        old === null || later === null || all.length < 2 ? null : row(t('growth', all[0] ?? t('year_own'), all.at(-1)), f.signed(later - old, (v) => f.people(v))),
      ),
      part(
        t('distance_title'),
        number_row(of, i, 'covered_share_65', t('covered_share'), f.share, true),
        number_row(of, i, 'covered_65', t('gain_now'), f.people),
        row(t('beyond_people'), f.people(of.value('in_gap_65', i)), of.value('in_gap_65', i)),
        number_row(of, i, 'gaps_count', t('gaps_count'), f.count),
        number_row(of, i, 'no_venue_no_shop_65', t('no_venue_no_shop'), f.people),
      ),
      part(
        t('target'),
        row(t('target'), of.value('target_participants', i) === null ? f.DASH : t('rate_of', f.people(of.value('target_participants', i)), f.share(of.value('target_rate', i))), of.value('target_participants', i)),
        number_row(of, i, 'attainment', t('attainment'), f.share),
        number_row(of, i, 'shortfall', t('shortfall'), f.people),
        number_row(of, i, 'places_by_participants', t('places_by_participants'), f.count),
        number_row(of, i, 'places_by_reach', t('places_by_reach'), f.count),
      ),
      bar ? h('section', {}, h('h3', {}, t('target_parts')), bar) : null,
      of.value('target_basis', i) === null ? null : h('p', { class: 'note' }, of.value('target_basis', i)),
    ],
  };
}

function site(of, i) {
  const id = of.value('zone_id', i);
  return {
    title: of.value('site_name', i) ?? of.value('site_id', i),
    tags: [t('rank', of.value('order', i)), id === null ? null : zone_name(id), of.value('kind', i)],
    body: [
      part(
        t('people_title'),
        number_row(of, i, 'gain_65', t('gain'), f.people, true),
        row(t('covered_after'), of.value('covered_after_65', i) === null ? f.DASH : `${f.people(of.value('covered_after_65', i))}（${f.share(of.value('covered_after_share', i))}）`, of.value('covered_after_65', i)),
        of.value('robust', i) === null ? null : row(t('robust'), f.yes_no(of.value('robust', i))),
        row(t('source'), f.text(word(of, 'source', i))),
      ),
      assumptions('new_venue'),
    ],
  };
}

function cell(of, i) {
  const id = of.value('zone_id', i);
  return {
    title: of.value('place_name', i) ?? of.value('cell_id', i),
    tags: [word(of, 'reach', i), id === null ? null : zone_name(id)],
    body: [
      part(
        t('people_title'),
        number_row(of, i, 'pop_65', t('pop_65'), f.people, true),
        number_row(of, i, 'pop_75', plus(75), f.people),
        number_row(of, i, 'covered_65', t('gain_now'), f.people),
      ),
      part(t('distance_title'), nearest_rows(of, i, 'nearest_venue_id', 'walk_m_median'), number_row(of, i, 'walk_m_shop', t('shop'), f.metres), number_row(of, i, 'walk_m_clinic', t('clinic'), f.metres)),
      row(t('placement'), f.text(word(of, 'placement', i))) ? h('dl', { class: 'facts' }, row(t('placement'), f.text(word(of, 'placement', i)))) : null,
    ],
  };
}

function street(of, i) {
  return {
    title: t('kind_streets'),
    tags: [of.value('class', i)],
    body: [
      part(
        t('distance_title'),
        row(t('nearest'), of.value('nearest_venue_id', i) === null ? t('nearest_none') : venue_name(of.value('nearest_venue_id', i))),
        row(t('walk'), of.value('walk_m_from', i) === null ? f.DASH : `${f.metres(of.value('walk_m_from', i))}〜${f.metres(of.value('walk_m_to', i))}`),
        number_row(of, i, 'length_m', t('length'), f.metres),
      ),
    ],
  };
}

function resource(of, i) {
  return {
    title: of.value('name', i) ?? of.value('resource_id', i),
    tags: [word(of, 'kind', i)],
    body: [part(t('kind_resources'), row(t('phone'), f.text(of.value('phone', i))), row(t('address'), f.text(of.value('address', i))), number_row(of, i, 'seats', t('capacity'), f.count))],
  };
}

const KINDS = { gaps: gap, yeargaps: gap, mobility, zones: zone, yearzones: zone, venues: venue, sites: site, cells: cell, streets: street, resources: resource };

/** { kind_word, title, tags, body } of a chosen thing; null: there is no such record. */
export function describe({ kind, record }) {
  const of = layer_of(kind);
  if (!of || record >= of.count || !KINDS[kind]) return null;
  const said = KINDS[kind](of, record);
  const note = of.value('hidden_note', record);
  if (note !== null) said.body.push(h('p', { class: 'note' }, note));
  return { kind_word: t(`kind_${kind.replace(/^year/, '')}`), ...said, tags: said.tags.filter((tag) => tag !== null && tag !== '') };
}

/** The gap behind a mobility area and the other way round. */
export function twin({ kind, record }) {
  const other = kind === 'mobility' ? 'gaps' : kind === 'gaps' ? 'mobility' : null;
  const found = other ? find(other, 'gap_id', layer(kind).value('gap_id', record)) : -1;
  return found < 0 ? null : { kind: other, record: found };
}
