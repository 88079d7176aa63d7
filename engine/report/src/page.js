// The page: header, map, lists, footer; who changes tells everybody (state.js).
import { layer, load, run } from './data.js';
import { h } from './dom.js';
import * as f from './format.js';
import { legend } from './legend.js';
import { has_webgl, make_map } from './map.js';
import { TABS, content, tabs_there } from './panel.js';
import { on_change, read_address, set, state } from './state.js';
import { is_shown, parts, preset } from './themes.js';
import * as town from './town.js';
import { origin, t } from './words.js';

const app = document.getElementById('app');
let drawn = null; // { map, shown, home }
let others = []; // further things under the last click
let last_list = null; // what was chosen from a list, for the way back

const title = () => (run().municipality ? t('title', run().municipality) : t('title_plain'));

function header() {
  return h(
    'header',
    { class: 'top' },
    h('a', { class: 'skip', href: '#panel', onclick: (e) => { e.preventDefault(); document.getElementById('panel').focus(); } }, t('skip')),
    h('h1', {}, title()),
    h('span', { class: `audience ${run().audience}` }, t(run().audience === 'public' ? 'public' : 'internal')),
    h('div', { class: 'top-buttons' },
      layer('zones')?.count ? h('a', { href: 'sheets.html', id: 'sheets' }, t('sheets')) : null,
      h('button', { type: 'button', id: 'print', onclick: () => { picture_for_print(); window.print(); } }, t('print')),
      h('button', { type: 'button', id: 'language', lang: state.lang === 'ja' ? 'en' : 'ja', onclick: () => set({ lang: state.lang === 'ja' ? 'en' : 'ja' }) }, t('language'))),
  );
}

function tab_list() {
  const there = tabs_there();
  const move = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? there.length - 1 : step ? (there.indexOf(state.tab) + step + there.length) % there.length : -1;
    if (to < 0) return;
    event.preventDefault();
    set({ tab: there[to], chosen: null });
    document.getElementById(`tab-${there[to]}`).focus();
  };
  return h(
    'div',
    { role: 'tablist', 'aria-label': t('tabs'), class: 'tabs', onkeydown: move },
    there.map((tab) => h('button', { type: 'button', role: 'tab', id: `tab-${tab}`, 'aria-selected': String(tab === state.tab), 'aria-controls': 'panel', tabindex: tab === state.tab ? 0 : -1, onclick: () => set({ tab, chosen: null }) }, t(`tab_${tab}`))),
  );
}

function layer_list() {
  const toggle = (part) => (event) => set({ shown: { ...state.shown, [part]: event.target.checked } });
  const bases = ['cells', 'streets'].filter((name) => layer(name)?.count);
  return h(
    'details',
    { class: 'layers', id: 'layers', open: state.layers_open ? true : null, ontoggle: (e) => { state.layers_open = e.target.open; } },
    h('summary', {}, t('layers')),
    h(
      'ul',
      { class: 'plain' },
      parts().map((part) =>
        h(
          'li',
          {},
          h('label', {}, h('input', { type: 'checkbox', checked: is_shown(part), 'data-part': part, onchange: toggle(part) }), ` ${t(`show_${part}`)}`),
          part === 'distance' && bases.length > 1 ? h('select', { 'aria-label': t('show_distance'), id: 'base', onchange: (e) => set({ base: e.target.value }) }, bases.map((b) => h('option', { value: b, selected: b === state.base }, t(`as_${b}`)))) : null,
          part === 'service' ? h('select', { 'aria-label': t('show_service'), id: 'band', onchange: (e) => set({ band: Number(e.target.value) }) }, town.bands.map((b, n) => h('option', { value: n, selected: n === state.band }, t('within', f.metres(b))))) : null,
        ),
      ),
    ),
  );
}

/* The line at the bottom: what a candidate is, dates, thresholds with their origin, all settings. */
function footer() {
  const all = town.municipality({ layer: layer('zones'), rows: layer('zones')?.rows() ?? [] });
  const date = (column) => (all ? all.layer.value(column, all.record) : null);
  const dates = [
    date('people_date') === null ? null : t('date_people', date('people_date')),
    date('official_date') === null ? null : t('date_official', date('official_date'), date('official_source') ?? t('official')),
    date('participants_date') === null ? null : t('date_participants', date('participants_date')),
    date('venues_date') === null ? null : t('date_venues', date('venues_date')),
  ].filter(Boolean);
  const basis = (key) => (town.setting(key)?.value ? town.setting(key).value : null);
  const from = (key, more) => [basis(more), town.setting(key) ? origin(town.setting(key)) : null].filter(Boolean)[0] ?? '';
  const comma = state.lang === 'ja' ? '、' : ', ';
  const bar = '　／　';
  const thresholds = [
    town.setting('walk.primary_m') ? t('threshold_walk', f.metres(town.primary), from('walk.primary_m', 'walk.basis')) : null,
    town.setting('targets.rate') ? t('threshold_rate', f.share(Number(town.setting('targets.rate').value), 0), from('targets.rate', 'targets.basis')) : null,
    town.setting('sites.min_people_65') ? t('threshold_site', f.people(Number(town.setting('sites.min_people_65').value)), from('sites.min_people_65', '')) : null,
  ].filter(Boolean);
  return h(
    'footer',
    { class: 'bottom' },
    h('p', { class: 'hypothesis' }, t('hypothesis'), h('em', {}, t('hypothesis_known')), t('hypothesis_end')),
    h('p', {}, dates.length ? [h('b', {}, t('dates')), ' ', dates.join(comma), '　'] : null, thresholds.length ? [h('b', {}, t('thresholds')), ' ', thresholds.join(bar)] : null),
    h(
      'details',
      {},
      h('summary', {}, t('all_settings')),
      h('div', { class: 'scroll', tabindex: 0 }, h('table', {}, h('thead', {}, h('tr', {}, [t('setting'), t('value'), t('origin')].map((c) => h('th', { scope: 'col' }, c)))), h('tbody', {}, (run().settings ?? []).map((s) => h('tr', {}, h('th', { scope: 'row' }, s.key), h('td', {}, s.value), h('td', {}, origin(s))))))),
      h('p', {}, t('made_by', run().engine)),
    ),
  );
}

const places = { header: null, map: null, panel: null, tabs: null, layers: null, legend: null, footer: null };

function replace(name, element) {
  places[name].replaceWith(element);
  places[name] = element;
}

function build() {
  const can_draw = has_webgl();
  places.header = header();
  places.tabs = tab_list();
  places.layers = layer_list();
  places.legend = legend();
  places.footer = footer();
  places.map = h('div', { id: 'map', role: 'region', 'aria-label': t('map') });
  places.panel = h('div', { id: 'panel', role: 'tabpanel', tabindex: -1 });
  const stage = h('section', { class: 'stage', 'aria-label': t('map') }, places.map, h('img', { id: 'map-print', alt: t('map') }), places.layers, places.legend);
  app.replaceChildren(places.header, h('main', { class: can_draw ? 'split' : 'split no-map' }, can_draw ? stage : h('p', { class: 'notice', role: 'alert', id: 'no-webgl' }, t('no_webgl')), h('div', { class: 'side' }, places.tabs, places.panel)), places.footer);
  fill_panel();
  show_tab();
  if (can_draw) draw();
}

function draw() {
  try {
    drawn = make_map(places.map, (things) => {
      others = things;
      set({ chosen: things[0] ?? null });
      if (things[0]) focus_chosen();
    });
  } catch (error) {
    console.warn(error); // a driver that offers WebGL and then refuses it
    no_map(t('no_webgl'));
  }
  if (!drawn && !document.getElementById('no-webgl')) no_map(t('nothing_drawn'));
}

function no_map(words) {
  app.querySelector('main').classList.add('no-map');
  app.querySelector('.stage')?.replaceWith(h('p', { class: 'notice', role: 'alert', id: 'no-webgl' }, words));
}

function fill_panel() {
  const focused = document.activeElement?.id;
  places.panel.setAttribute('aria-labelledby', `tab-${state.tab}`);
  places.panel.replaceChildren(h('div', { class: 'panel-in' }, content(others, Boolean(drawn)).flat(Infinity).filter(Boolean)));
  if (focused && ['year', 'k', 'change'].includes(focused)) document.getElementById(focused)?.focus();
}

/* Where the tabs are wider than the screen. */
function show_tab() {
  const tab = places.tabs.querySelector('[aria-selected="true"]');
  if (tab) places.tabs.scrollLeft = tab.offsetLeft - places.tabs.offsetLeft - (places.tabs.clientWidth - tab.offsetWidth) / 2;
}

function focus_chosen() {
  document.getElementById('chosen')?.focus({ preventScroll: false });
}

function go_back() {
  const chosen = state.chosen;
  set({ chosen: null });
  const item = chosen ? places.panel.querySelector(`[data-kind="${chosen.kind}"][data-record="${chosen.record}"]`) : null;
  (item ?? places.panel).focus();
}

function changed(what) {
  const is_new_tab = what.includes('tab');
  if (is_new_tab) state.shown = preset(state.tab);
  if (what.includes('lang')) {
    document.documentElement.lang = state.lang;
    document.title = title();
    replace('header', header());
    replace('footer', footer());
    const focused = document.getElementById('language');
    focused?.focus();
  }
  if (is_new_tab || what.includes('lang')) replace('tabs', tab_list());
  if (is_new_tab || what.some((w) => ['lang', 'shown', 'base', 'band'].includes(w))) {
    const focused = document.activeElement?.dataset?.part ?? document.activeElement?.id;
    replace('layers', layer_list());
    if (focused) (places.layers.querySelector(`[data-part="${focused}"]`) ?? places.layers.querySelector(`#${CSS.escape(focused)}`))?.focus();
  }
  replace('legend', legend());
  if (what.includes('chosen') && state.chosen?.from_list) {
    others = [];
    last_list = state.chosen;
  }
  if (what.some((w) => ['lang', 'tab', 'year', 'change', 'k', 'chosen'].includes(w))) fill_panel();
  if (is_new_tab) show_tab();
  if (what.includes('chosen') || is_new_tab) places.panel.scrollTop = 0;
  drawn?.shown.update();
  if (what.includes('chosen') && state.chosen?.from_list) {
    drawn?.shown.show_record(state.chosen.kind, state.chosen.record);
    focus_chosen();
  }
}

/* The canvas keeps no picture after it was shown, so one is taken in the moment it is drawn. */
function picture_for_print() {
  const image = document.getElementById('map-print');
  if (!drawn || !image) return;
  drawn.map.redraw();
  image.src = drawn.map.getCanvas().toDataURL('image/png');
}

async function start() {
  if (!run()) {
    app.append(h('p', { class: 'notice', role: 'alert' }, t('no_data')));
    return;
  }
  const wanted = run().layers ?? [];
  const at = read_address(TABS);
  await load(wanted.filter((l) => !l.later).map((l) => l.layer));
  if (!tabs_there().includes(state.tab)) state.tab = 'summary';
  if (!layer('cells')?.count) state.base = 'streets';
  state.legend_closed = window.innerWidth < 820;
  state.band = Math.max(0, town.bands.indexOf(town.primary));
  state.shown = preset(state.tab);
  document.documentElement.lang = state.lang;
  document.title = title();
  on_change(changed);
  build();
  if (at && town.layer_of(at.kind)) set({ chosen: { ...at, from_list: true } });
  const later = () => load(wanted.filter((l) => l.later).map((l) => l.layer)).then(() => {
    replace('layers', layer_list());
    replace('legend', legend());
    if (!state.chosen) fill_panel();
    drawn?.shown.update();
    app.dataset.ready = 'all';
  });
  if (drawn) drawn.map.once('idle', () => { app.dataset.ready = 'first'; later(); });
  else later();
}

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && state.chosen) go_back();
});
window.addEventListener('beforeprint', picture_for_print);
/* For those who look at a page by machine. */
window.kayoi_page = { state, set, get map() { return drawn?.map ?? null; } };
start();
