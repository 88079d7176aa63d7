// Charts as SVG of our own, each with a table behind it.
import { layer } from './data.js';
import { h, svg } from './dom.js';
import * as f from './format.js';
import { INK, PARTS, SERIES } from './palette.js';
import { bands, municipality, primary, sites, years, zones } from './town.js';
import { t } from './words.js';

const W = 420;
const H = 250;
const LEFT = 50;
const RIGHT = 18;
const TOP = 20;
const BOTTOM = 44;

const scale = (from, to, a, b) => (v) => a + ((v - from) / (to - from || 1)) * (b - a);

/** Round steps of an axis: about `count` of them up to `max`. */
export function ticks(max, count = 5) {
  if (!(max > 0)) return [0, 1];
  const raw = max / count;
  const unit = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].find((s) => s * unit >= raw) * unit;
  const steps = [];
  for (let v = 0; v < max + step * 0.999; v += step) steps.push(Number(v.toPrecision(12)));
  return steps;
}

const text = (x, y, words, more = {}) => svg('text', { x, y, 'font-size': 13, fill: INK, 'text-anchor': 'middle', ...more }, words);
const rule = (x1, y1, x2, y2, more = {}) => svg('line', { x1, y1, x2, y2, stroke: '#d5d2c8', 'stroke-width': 1, ...more });

function frame(title, x_ticks, y_ticks, x, y, x_words, write_x, write_y, ...inside) {
  return svg(
    'svg',
    { viewBox: `0 0 ${W} ${H}`, role: 'img', 'aria-label': title, class: 'chart' },
    y_ticks.map((v) => [rule(LEFT, y(v), W - RIGHT, y(v)), text(LEFT - 8, y(v) + 4, write_y(v), { 'text-anchor': 'end' })]),
    x_ticks.map((v) => text(x(v), H - BOTTOM + 18, write_x(v))),
    text((LEFT + W - RIGHT) / 2, H - 6, x_words, { fill: '#4a5560' }),
    inside,
  );
}

const path = (points, x, y, more) =>
  svg('path', { d: points.map(([a, b], i) => `${i ? 'L' : 'M'}${x(a).toFixed(1)} ${y(b).toFixed(1)}`).join(''), fill: 'none', 'stroke-width': 2.5, ...more });

export function table(head, rows, caption = null) {
  return h(
    'div',
    { class: 'scroll', tabindex: 0 },
    h('table', {}, caption ? h('caption', {}, caption) : null, h('thead', {}, h('tr', {}, head.map((c) => h('th', { scope: 'col' }, c)))), h('tbody', {}, rows.map((cells) => h('tr', {}, cells.map((c, i) => (i ? h('td', {}, c) : h('th', { scope: 'row' }, c))))))),
  );
}

/** A chart with its heading, words, and table; `name` for tests and links. */
const figure = (name, title, words, drawing, head, rows) =>
  h('figure', { class: 'figure', 'data-chart': name }, h('figcaption', {}, h('h3', {}, title), words ? h('p', {}, words) : null), drawing, h('details', {}, h('summary', {}, t('as_table')), table(head, rows)));

const legend = (items) => h('ul', { class: 'plain legend-list' }, items.map(([colour, words, dash]) => h('li', {}, svg('svg', { width: 22, height: 10, 'aria-hidden': 'true' }, rule(1, 5, 21, 5, { stroke: colour, 'stroke-width': 3, 'stroke-dasharray': dash })), ` ${words}`)));

export function distance_chart() {
  const of = layer('distance_curve');
  const rows = of?.rows((i) => of.value('level', i) === 'municipality') ?? [];
  if (!rows.length || of.value('share_65', rows[0]) === null) return null;
  const all = municipality({ layer: layer('zones'), rows: layer('zones')?.rows() ?? [] });
  const pop = all ? all.layer.value('pop_65', all.record) : null;
  const walk = [[0, 0], ...rows.map((i) => [of.value('distance_m', i), of.value('share_65', i)])];
  const straight = pop > 0 ? [[0, 0], ...rows.map((i) => [of.value('distance_m', i), of.value('straight_65', i) / pop])] : null;
  const last = walk.at(-1)[0];
  const x = scale(0, last, LEFT, W - RIGHT);
  const y = scale(0, 1, H - BOTTOM, TOP);
  const at = (m) => walk.find(([d]) => d === m)?.[1] ?? null;
  const marks = bands.map((b) => [rule(x(b), TOP, x(b), H - BOTTOM, { stroke: b === primary ? INK : '#8a8678', 'stroke-dasharray': b === primary ? null : '4 3' }), svg('circle', { cx: x(b), cy: y(at(b) ?? 0), r: 4.5, fill: SERIES[0] }), text(x(b) + 6, y(at(b) ?? 0) + 17, f.share(at(b), 0), { 'text-anchor': 'start', 'font-weight': 'bold' })]);
  const title = t('chart_distance');
  const drawing = frame(title, ticks(last, 6).filter((v) => v <= last), [0, 0.25, 0.5, 0.75, 1], x, y, t('axis_distance'), (v) => f.count(v), (v) => f.share(v, 0), straight ? path(straight, x, y, { stroke: SERIES[1], 'stroke-dasharray': '6 4' }) : null, path(walk, x, y, { stroke: SERIES[0] }), marks);
  const say = bands.map((b) => t('within', f.metres(b)) + ' ' + f.share(at(b))).join(t('no') === 'no' ? ', ' : '、');
  return figure('distance', title, say, [drawing, legend([[SERIES[0], t('walking')], ...(straight ? [[SERIES[1], t('straight'), '6 4']] : [])])], [t('axis_distance'), t('gain_now'), t('axis_share'), t('straight')], rows.map((i) => [f.metres(of.value('distance_m', i)), f.people(of.value('people_65', i)), f.share(of.value('share_65', i)), f.people(of.value('straight_65', i))]));
}

/** The curve over k; k: what is marked. */
export function sites_chart(k, is_small = false) {
  const of = layer('site_curve');
  const all = sites();
  const now = municipality({ layer: layer('zones'), rows: layer('zones')?.rows() ?? [] });
  if (!of?.count && !all?.rows.length) return null;
  const source = of?.count ? of : all.layer;
  const key = of?.count ? 'k' : 'order';
  const start = now ? now.layer.value('covered_share_65', now.record) : null;
  const rows = source.rows((i) => source.value('covered_after_share', i) !== null);
  const points = rows.map((i) => [source.value(key, i), source.value('covered_after_share', i)]);
  if (start !== null) points.unshift([0, start]);
  if (points.length < 2) return null;
  const last = points.at(-1)[0];
  const x = scale(0, last, LEFT, W - RIGHT);
  const y = scale(0, 1, H - BOTTOM, TOP);
  const at = points.find(([n]) => n === k) ?? points[0];
  const title = t('chart_sites');
  const drawing = frame(title, ticks(last, 6).filter((v) => Number.isInteger(v) && v <= last), [0, 0.25, 0.5, 0.75, 1], x, y, t('axis_places'), (v) => f.count(v), (v) => f.share(v, 0), path(points, x, y, { stroke: SERIES[2] }), rule(x(at[0]), TOP, x(at[0]), H - BOTTOM, { stroke: INK }), svg('circle', { cx: x(at[0]), cy: y(at[1]), r: 5.5, fill: SERIES[2], stroke: '#fff' }), text(Math.min(x(at[0]) + 8, W - 66), y(at[1]) + 20, f.share(at[1]), { 'text-anchor': 'start', 'font-weight': 'bold' }));
  if (is_small) return drawing;
  return figure('sites', title, null, drawing, [t('axis_places'), t('kind_sites'), t('gain'), t('axis_share')], rows.map((i) => [f.count(source.value(key, i)), source.value('site_name', i) ?? source.value('site_id', i) ?? f.DASH, f.people(source.value('gain_65', i)), f.share(source.value('covered_after_share', i))]));
}

export function targets_chart() {
  const at = zones();
  const of = at?.layer;
  const rows = at?.rows.filter((i) => (of.value('target_participants', i) ?? 0) > 0) ?? [];
  if (!rows.length) return null;
  const kinds = Object.keys(PARTS).filter((c) => rows.some((i) => (of.value(c, i) ?? 0) > 0));
  const most = Math.max(...rows.map((i) => of.value('target_participants', i)));
  const step = 30;
  const height = rows.length * step + 6;
  const left = 112;
  const x = scale(0, most, left, W - 60);
  const bars = rows.map((i, n) => {
    let from = 0;
    const name = of.value('name', i) ?? of.value('zone_id', i);
    return [
      text(left - 8, n * step + 21, [...name].length > 8 ? `${[...name].slice(0, 7).join('')}…` : name, { 'text-anchor': 'end' }),
      kinds.map((c) => {
        const value = of.value(c, i) ?? 0;
        const bar = svg('rect', { x: x(from), y: n * step + 5, width: Math.max(0, x(from + value) - x(from)), height: step - 8, fill: PARTS[c], stroke: '#fff' });
        from += value;
        return bar;
      }),
      text(x(of.value('target_participants', i)) + 6, n * step + 21, f.count(of.value('target_participants', i)), { 'text-anchor': 'start' }),
    ];
  });
  const title = t('chart_targets');
  const drawing = svg('svg', { viewBox: `0 0 ${W} ${height}`, role: 'img', 'aria-label': title, class: 'chart' }, bars);
  const keys = h('ul', { class: 'plain legend-list' }, kinds.map((c) => h('li', {}, h('i', { class: `key ${c}` }), t(c))));
  return figure('targets', title, null, [drawing, keys], [t('zone'), t('target'), ...kinds.map((c) => t(c)), t('participants_now'), t('shortfall')], rows.map((i) => [of.value('name', i) ?? '', f.count(of.value('target_participants', i)), ...kinds.map((c) => f.count(of.value(c, i))), f.count(of.value('participants', i)), f.count(of.value('shortfall', i))]));
}

export function years_chart() {
  const of = layer('year_zones');
  const rows = of?.rows((i) => of.value('level', i) === 'municipality') ?? [];
  if (rows.length < 2) return null;
  const shown = years();
  const ages = [65, 75, 85].filter((a) => rows.some((i) => of.value(`pop_${a}`, i) !== null));
  const most = Math.max(...rows.flatMap((i) => ages.map((a) => of.value(`pop_${a}`, i) ?? 0)));
  const y_ticks = ticks(most);
  const numbers = shown.map((v, n) => v ?? n);
  const x = scale(0, rows.length - 1, LEFT + 28, W - RIGHT - 28);
  const y = scale(0, y_ticks.at(-1), H - BOTTOM, TOP);
  const title = t('chart_years');
  const name = (a) => (t('no') === 'no' ? `${a}+` : `${a}歳以上`);
  const drawing = frame(title, numbers.map((_, n) => n), y_ticks, x, y, t('year'), (n) => String(shown[n] ?? t('year_own')), (v) => f.count(v), ages.map((a, n) => [path(rows.map((i, r) => [r, of.value(`pop_${a}`, i) ?? 0]), x, y, { stroke: SERIES[n], 'stroke-dasharray': ['', '7 3', '2 3'][n] || null }), rows.map((i, r) => [svg('circle', { cx: x(r), cy: y(of.value(`pop_${a}`, i) ?? 0), r: 4, fill: SERIES[n] }), text(x(r), y(of.value(`pop_${a}`, i) ?? 0) - 9, f.count(Math.round(of.value(`pop_${a}`, i) ?? 0)), { 'font-size': 12 })])]));
  return figure('years', title, null, [drawing, legend(ages.map((a, n) => [SERIES[n], name(a), ['', '7 3', '2 3'][n] || null]))], [t('year'), ...ages.map(name), t('covered_share')], rows.map((i, n) => [String(shown[n] ?? t('year_own')), ...ages.map((a) => f.people(of.value(`pop_${a}`, i))), f.share(of.value('covered_share_65', i))]));
}
