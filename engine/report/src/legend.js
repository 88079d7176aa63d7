// What the colours and signs on the map mean: of what is shown, and no more.
import { layer } from './data.js';
import { h } from './dom.js';
import * as f from './format.js';
import * as colours from './palette.js';
import { state } from './state.js';
import { classes, is_shown, parts, shown_rows } from './themes.js';
import { bands } from './town.js';
import { t, word_of } from './words.js';

const swatch = (colour, words, shape = '') => h('li', {}, h('i', { class: `swatch ${shape}`, css: colour ? { backgroundColor: colour } : {} }), h('span', {}, words));

function distance() {
  const of = layer(state.base);
  if (!of) return [];
  const has = (reach) => of.has('reach') && (of.columns.reach.dictionary ?? []).includes(reach);
  const last = classes.at(-1);
  return [
    ...classes.map((c) => swatch(c.colour, c === last || c.to === Infinity ? t('farther') : c.inside ? t('within', f.metres(c.to)) : t('farther_to', f.metres(c.to)))),
    has('unreachable') || !of.has('reach') ? swatch(colours.UNREACHABLE, t('no_way')) : null,
    has('unknown') ? swatch(colours.UNKNOWN, t('no_roads')) : null,
  ];
}

function remedies() {
  const at = shown_rows('mobility');
  const codes = colours.REMEDIES.filter((code) => at?.rows.some((i) => at.layer.value('class', i) === code));
  return codes.map((code) => swatch(colours.code_colour('class', code), word_of(at.layer, 'class', code)));
}

const BLOCKS = {
  distance: () => [t('show_distance'), distance()],
  service: () => [null, [swatch(colours.SERVICE[1], `${t('show_service')} ${t('within', f.metres(bands_at()))}`)]],
  gaps: () => [`${t('show_gaps')}（${t('legend_ranks')}）`, colours.GAP_RANKS.map((c) => swatch(c.colour, c.to === Infinity ? t('rank_rest') : t('rank_to', c.to)))],
  mobility: () => [t('show_mobility'), remedies()],
  shares: () => [t('show_shares'), colours.SHARES.map((c, n) => swatch(c.colour, n === 0 ? `〜${f.share(c.to, 0)}` : `${f.share(colours.SHARES[n - 1].to, 0)}〜`))],
  changes: () => [t('show_changes'), [swatch(colours.GAINED, t('legend_gained')), swatch(colours.LOST, t('legend_lost')), swatch(colours.UNKNOWN, t('legend_other'))]],
  zones: () => [null, [swatch(null, t('show_zones'), 'dashes')]],
  venues: () => [null, [swatch(colours.VENUE, t('legend_counting'), 'round'), excluded() ? swatch('#fff', t('legend_excluded'), 'round hollow') : null]],
  sites: () => [null, [swatch(colours.SITE, t('legend_site'), 'round')]],
  resources: () => [null, [swatch(colours.RESOURCE, t('show_resources'), 'round small')]],
};

const bands_at = () => bands[state.band];

function excluded() {
  const of = layer('venues');
  return Boolean(of?.has('counts') && of.columns.counts.flags.includes(0));
}

export function legend() {
  const there = parts().filter((part) => is_shown(part) && BLOCKS[part]);
  return h(
    'details',
    { class: 'legend', id: 'legend', open: state.legend_closed ? null : true, ontoggle: (e) => { state.legend_closed = !e.target.open; } },
    h('summary', {}, t('legend')),
    there.map((part) => {
      const [title, items] = BLOCKS[part]();
      return h('div', {}, title ? h('h4', {}, title) : null, h('ul', { class: 'plain' }, items));
    }),
  );
}
