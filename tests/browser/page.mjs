// The map page of the sample town, as people use it. Usage: node page.mjs KAYOI WORK_DIR; screenshots stay in WORK_DIR.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { check, done, kayoi, launch, open, root, settle } from './browser.mjs';

const [binary, work] = process.argv.slice(2);
rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
writeFileSync(join(work, 'scenario.yaml'), 'scenarios:\n  - name: 団地の会をひらく\n    adds: [{name: 団地の会, at: H07, capacity: 30, sessions_per_month: 4}]\n  - name: 本町を閉じる\n    closes: ["1", "3"]\n');
const made = kayoi(binary, 'run', join(root, 'sample-data/kayoi.yaml'), '--scenario', join(work, 'scenario.yaml'), '--out', join(work, 'out'));
check('the sample runs', made.status === 0, made.text);
const internal = join(work, 'out/internal');
const report = join(internal, 'report');
const features = (name) => JSON.parse(readFileSync(join(internal, `${name}.geojson`), 'utf8')).features;
const shot = (page, name, more = {}) => page.screenshot({ path: join(work, `${name}.png`), ...more });

const browser = await launch();
const PARTS = ['distance', 'service', 'gaps', 'mobility', 'shares', 'changes', 'zones', 'venues', 'sites', 'resources', 'roads'];
const TABS = ['summary', 'gaps', 'zones', 'sites', 'mobility', 'changes', 'charts'];

/* --- every tab, in both languages, without a word to the console or the outside ------------------------------------ */
{
  const { page, seen, close } = await open(browser, report);
  for (const lang of ['ja', 'en']) {
    if (lang === 'en') await page.click('#language');
    check(`${lang}: the page says its language`, (await page.evaluate(() => document.documentElement.lang)) === lang);
    for (const tab of TABS) {
      await page.click(`#tab-${tab}`);
      await settle(page);
      const text = await page.innerText('#panel');
      check(`${lang}: ${tab} has something to read`, text.length > 80, text);
      check(`${lang}: ${tab} says no nonsense`, !/undefined|NaN|\[object|null/.test(await page.innerText('body')), await page.innerText('body'));
      await shot(page, `1280-${lang}-${tab}`);
    }
    const words = await page.innerText('.tabs');
    check(`${lang}: tabs are in it`, /[ぁ-ん]/.test(words) === (lang === 'ja'), words);
  }
  const bottom = await page.innerText('footer');
  check('dates and thresholds with their origin stand at the bottom', bottom.includes('2020-10-01') && bottom.includes('500 m') && /known/.test(bottom), bottom);
  check('nothing is said to the console', seen.errors.length === 0, seen.errors.join('\n'));
  check('nothing is asked of the outside', seen.outside.length === 0, seen.outside.join('\n'));
  check('bound and gap_pct are not on the page', !(await page.evaluate(() => JSON.stringify(Object.values(window.kayoi.layers).map((l) => Object.keys(l.columns))))).match(/"(bound|gap_pct|best_gap_pct)"/));
  await close();
}

/* --- every layer leaves its mark on the map ------------------------------------------------------------------------ */
{
  const { page, close } = await open(browser, report, { hash: 'tab=sites' });
  const look = async (part) => {
    await page.evaluate((one) => window.kayoi_page.set({ shown: one ? { [one]: true } : {} }), part);
    await settle(page);
    return page.evaluate(() => {
      const map = window.kayoi_page.map;
      map.redraw();
      return map.getCanvas().toDataURL();
    });
  };
  const blank = await look(null);
  check('the blank map is the same twice', blank === (await look(null)));
  for (const part of PARTS) check(`${part} is seen on the map`, blank !== (await look(part)));
  await page.evaluate(() => window.kayoi_page.set({ base: 'streets' }));
  const streets = await look('distance');
  check('streets by walking distance are seen', streets !== blank);
  await page.evaluate(() => window.kayoi_page.set({ base: 'cells' }));
  check('and are not the cells', streets !== (await look('distance')));
  const bands = [];
  for (const band of [0, 1, 2]) {
    await page.evaluate((b) => window.kayoi_page.set({ band: b }), band);
    bands.push(await look('service'));
  }
  check('each band has its service areas', new Set(bands).size === 3);
  await close();
}

/* --- a click explains the right record ----------------------------------------------------------------------------- */
function rings(geometry) {
  return geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat();
}
function inside(geometry, [x, y]) {
  let is_in = false;
  for (const ring of rings(geometry))
    for (let i = 1; i < ring.length; i++) {
      const [a, b] = [ring[i - 1], ring[i]];
      if (a[1] > y !== b[1] > y && x < a[0] + ((y - a[1]) / (b[1] - a[1])) * (b[0] - a[0])) is_in = !is_in;
    }
  return is_in;
}
/** Places inside a polygon, on a grid of its bounds. */
function places_in(geometry) {
  const all = rings(geometry).flat();
  const [w, s, e, n] = [Math.min(...all.map((p) => p[0])), Math.min(...all.map((p) => p[1])), Math.max(...all.map((p) => p[0])), Math.max(...all.map((p) => p[1]))];
  const found = [];
  for (let i = 1; i < 20; i++) for (let j = 1; j < 20; j++) if (inside(geometry, [w + ((e - w) * i) / 20, s + ((n - s) * j) / 20])) found.push([w + ((e - w) * i) / 20, s + ((n - s) * j) / 20]);
  return found;
}

{
  const { page, seen, close } = await open(browser, report);
  const stage = await page.locator('#map').boundingBox();
  const venues = features('venues').filter((v) => v.geometry);
  const go = async (tab, shown, center, zoom) => {
    await page.evaluate(([t, s, c, z]) => {
      window.kayoi_page.set({ tab: t, chosen: null });
      window.kayoi_page.set({ shown: s });
      window.kayoi_page.map.jumpTo({ center: c, zoom: z });
    }, [tab, shown, center, zoom]);
    await settle(page);
  };
  const click = async () => {
    await page.mouse.click(stage.x + stage.width / 2, stage.y + stage.height / 2);
    await page.waitForSelector('.detail', { timeout: 5000 }).catch(() => null);
    return page.evaluate(() => {
      const detail = document.querySelector('.detail');
      return detail && { kind: detail.dataset.kind, title: detail.querySelector('h2').textContent, values: [...detail.querySelectorAll('data')].map((d) => Number(d.value)), text: detail.innerText };
    });
  };
  const far_from_venues = (place) => venues.every((v) => Math.hypot(v.geometry.coordinates[0] - place[0], v.geometry.coordinates[1] - place[1]) > 0.0006);
  const gaps = features('gaps').sort((a, b) => a.properties.rank - b.properties.rank);
  const wanted = ['people_65', 'people_75', 'walk_m_median', 'target_participants'];
  for (const gap of [gaps[0], gaps[4], gaps[12], gaps.at(-1)]) {
    const p = gap.properties;
    const place = places_in(gap.geometry).find(far_from_venues);
    await go('gaps', { gaps: true, zones: true }, place, 16);
    const said = await click();
    check(`a click on gap ${p.rank} explains it`, said?.kind === 'gaps' && said.title === (p.gap_name ?? p.gap_id), JSON.stringify(said));
    check(`with the numbers of the GeoJSON (${p.rank})`, said && wanted.every((c) => p[c] === null || said.values.includes(p[c])), () => JSON.stringify([said?.values, wanted.map((c) => p[c])]));
    const nearest = venues.find((v) => v.properties.venue_id === p.nearest_venue_id);
    check(`and its nearest venue (${p.rank})`, said && (nearest ? said.text.includes(nearest.properties.name) : said.text.includes('歩いて行ける場がない')), said?.text);
  }
  const mobility = features('mobility')[0];
  await go('mobility', { mobility: true }, places_in(mobility.geometry).find(far_from_venues) ?? places_in(mobility.geometry)[0], 16);
  const area = await click();
  check('a click on a mobility area explains it', area?.kind === 'mobility' && area.title === mobility.properties.gap_name && area.values.includes(mobility.properties.people_65) && area.values.includes(mobility.properties.riders_per_session), JSON.stringify(area));
  for (const venue of [venues.find((v) => v.properties.counts === true && v.properties.participants > 0), venues.find((v) => v.properties.counts === false)]) {
    await go('summary', { venues: true }, venue.geometry.coordinates, 17);
    const said = await click();
    check(`a click on the venue ${venue.properties.name} explains it`, said?.kind === 'venues' && said.title === venue.properties.name && (venue.properties.participants === null || said.values.includes(venue.properties.participants)), JSON.stringify(said));
  }
  const zone = features('zones').find((z) => z.properties.level === 'zone');
  const in_zone = places_in(zone.geometry).find((p) => far_from_venues(p) && !features('cells').some((c) => inside(c.geometry, p)));
  await go('zones', { zones: true, shares: true }, in_zone, 13);
  const of_zone = await click();
  const z = zone.properties;
  check('a click on a zone explains it', of_zone?.kind === 'zones' && of_zone.title === z.name && [z.pop_65, z.target_participants, z.participants, z.shortfall, z.target_too_far].every((v) => of_zone.values.includes(v)), JSON.stringify(of_zone));
  const cell = features('cells').find((c) => c.properties.reach === 'beyond' && places_in(c.geometry).some(far_from_venues));
  await go('summary', { distance: true }, places_in(cell.geometry).find(far_from_venues), 16);
  const of_cell = await click();
  check('a click on a cell explains it', of_cell?.kind === 'cells' && [cell.properties.pop_65, cell.properties.walk_m_median].every((v) => of_cell.values.includes(v)), JSON.stringify(of_cell));
  const site = features('sites').find((s) => s.properties.order === 2);
  await go('sites', { sites: true }, site.geometry.coordinates, 16);
  const of_site = await click();
  check('a click on a site explains it', of_site?.kind === 'sites' && of_site.title === site.properties.site_name && of_site.values.includes(site.properties.gain_65), JSON.stringify(of_site));
  check('clicks say nothing to the console', seen.errors.length === 0, seen.errors.join('\n'));
  await close();
}

/* --- sliders: places added, years, scenarios ------------------------------------------------------------------------ */
{
  const { page, close } = await open(browser, report, { hash: 'tab=sites' });
  const sites = features('sites');
  for (const k of [0, 5, sites.length]) {
    await page.locator('#k').fill(String(k));
    await settle(page);
    const said = await page.innerText('.result');
    const record = sites.find((s) => s.properties.order === k);
    const people = record ? record.properties.covered_after_65 : features('zones').find((z) => z.properties.level === 'municipality').properties.covered_65;
    check(`${k} places: so many are within range`, said.includes(Math.round(people).toLocaleString('ja-JP')), said);
    const drawn = await page.evaluate(() => new Set(window.kayoi_page.map.querySourceFeatures('sites').map((f) => f.id)).size);
    check(`${k} places are on the map`, drawn <= k && (k === 0 || drawn > 0), String(drawn));
  }
  await page.click('#tab-gaps');
  const year_gaps = features('year_gaps');
  const years = [...new Set(year_gaps.map((f) => f.properties.year))];
  for (const [n, year] of years.entries()) {
    await page.locator('#year').fill(String(n));
    await settle(page);
    const first = year_gaps.filter((f) => f.properties.year === year).find((f) => f.properties.rank === 1).properties;
    check(`${year}: its first gap leads the list`, Number(await page.locator('.item data').first().getAttribute('value')) === first.people_65 && (await page.locator('.item-title').first().innerText()) === (first.gap_name ?? first.gap_id));
  }
  await page.click('#tab-changes');
  const scenarios = features('scenarios').map((f) => f.properties);
  for (const [n, s] of scenarios.entries()) {
    await page.selectOption('#change', String(n));
    const said = await page.innerText('#panel');
    check(`scenario ${s.scenario}: who gains and who loses`, said.includes(Math.round(s.gaining_65).toLocaleString('ja-JP')) && said.includes(Math.round(s.losing_65).toLocaleString('ja-JP')), said);
  }
  await close();
}

/* --- charts: the numbers of the layers, a table behind each ---------------------------------------------------------- */
{
  const { page, close } = await open(browser, report, { hash: 'tab=charts' });
  const town = features('zones').find((z) => z.properties.level === 'municipality').properties;
  const table = (name) => page.evaluate((n) => {
    const figure = document.querySelector(`[data-chart="${n}"]`);
    figure.querySelector('details').open = true;
    return [...figure.querySelectorAll('tbody tr')].map((r) => [...r.children].map((c) => c.textContent));
  }, name);
  const distance = await table('distance');
  for (const band of [300, 500, 800]) {
    const row = distance.find((r) => r[0] === `${band} m`);
    check(`the curve passes ${band} m where the ledger is`, row?.[1].startsWith(Math.round(town[`covered_65_${band}`]).toLocaleString('ja-JP')), String(row));
  }
  check('there is a curve over places', (await table('sites')).length === features('site_curve').length);
  check('and where the target people are', (await table('targets')).length === features('zones').filter((z) => z.properties.level === 'zone').length);
  check('and the years', (await table('years')).length === new Set(features('year_zones').map((f) => f.properties.year)).size);
  await page.evaluate(() => (document.querySelector('#panel').scrollTop = 0));
  await shot(page, 'charts');
  await close();
}

/* --- by keyboard alone ------------------------------------------------------------------------------------------------ */
{
  const { page, close } = await open(browser, report);
  const focused = () => page.evaluate(() => ({ id: document.activeElement.id, class: document.activeElement.className, tag: document.activeElement.tagName, canvas: document.activeElement.tagName === 'CANVAS' }));
  const order = [];
  for (let i = 0; i < 14; i++) {
    await page.keyboard.press('Tab');
    order.push(await focused());
  }
  check('Tab goes from the header over the map to the tabs', order.findIndex((f) => f.id === 'print') < order.findIndex((f) => f.canvas) && order.findIndex((f) => f.canvas) < order.findIndex((f) => f.id === 'tab-summary'), JSON.stringify(order));
  await page.keyboard.press('Shift+Tab');
  check('what has the focus shows it', await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle === 'solid'));
  await page.locator('canvas.maplibregl-canvas').focus();
  const before = await page.evaluate(() => window.kayoi_page.map.getCenter().lng);
  await page.keyboard.press('ArrowRight');
  await page.waitForTimeout(600);
  check('arrow keys move the map', (await page.evaluate(() => window.kayoi_page.map.getCenter().lng)) > before);
  await page.locator('#tab-summary').focus();
  await page.keyboard.press('ArrowRight');
  check('arrow keys change the tab', (await focused()).id === 'tab-gaps');
  await page.keyboard.press('Tab');
  let at = await focused();
  for (let i = 0; i < 4 && at.class !== 'item'; i++) {
    await page.keyboard.press('Tab');
    at = await focused();
  }
  check('Tab reaches the list', at.class === 'item', JSON.stringify(at));
  await page.keyboard.press('Enter');
  check('Enter chooses, and the words have the focus', (await focused()).id === 'chosen' && (await page.evaluate(() => window.kayoi_page.state.chosen?.kind)) === 'gaps');
  await page.waitForTimeout(900);
  const center = await page.evaluate(() => window.kayoi_page.map.getCenter().toArray());
  const first = features('gaps').find((g) => g.properties.rank === 1);
  check('and the map goes there', center[0] > first.bbox[0] && center[0] < first.bbox[2] && center[1] > first.bbox[1] && center[1] < first.bbox[3], String(center));
  await shot(page, 'chosen');
  await page.keyboard.press('Escape');
  check('Escape goes back to where one was', (await focused()).class === 'item' && (await page.evaluate(() => window.kayoi_page.state.chosen)) === null);
  await close();
}

/* --- narrow, and on paper --------------------------------------------------------------------------------------------- */
{
  const { page, seen, close } = await open(browser, report, { width: 400, height: 800, hash: 'tab=gaps' });
  check('400 px: nothing is wider than the screen', await page.evaluate(() => document.documentElement.scrollWidth <= 400));
  await settle(page);
  await shot(page, '400-gaps', { fullPage: true });
  await page.locator('.item').first().click();
  await settle(page);
  await shot(page, '400-chosen', { fullPage: true });
  check('400 px: nothing is said to the console', seen.errors.length === 0, seen.errors.join('\n'));
  await close();
}
{
  const { page, close } = await open(browser, report, { hash: 'tab=gaps' });
  await settle(page);
  for (const format of ['A4', 'A3']) {
    const pdf = await page.pdf({ path: join(work, `print-${format}.pdf`), format, printBackground: true });
    check(`${format}: there is something to print`, pdf.length > 20000, String(pdf.length));
  }
  check('the map is a picture on paper', await page.evaluate(() => document.querySelector('#map-print').naturalWidth > 300));
  await page.emulateMedia({ media: 'print' });
  check('on paper the picture stands in for the map', await page.evaluate(() => getComputedStyle(document.querySelector('#map-print')).display === 'block' && getComputedStyle(document.querySelector('#map')).display === 'none'));
  const is_blank = await page.evaluate(() => {
    const image = document.querySelector('#map-print');
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 64;
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0, 64, 64);
    return new Set(new Uint32Array(context.getImageData(0, 0, 64, 64).data.buffer)).size < 20;
  });
  check('and shows something', !is_blank);
  await shot(page, 'print', { fullPage: true });
  await close();
}
await browser.close();

/* --- no WebGL ------------------------------------------------------------------------------------------------------------ */
{
  const plain = await launch('--disable-3d-apis');
  const { page, seen, close } = await open(plain, report);
  check('no WebGL: it says so', (await page.innerText('#no-webgl')).includes('WebGL'));
  check('no WebGL: the list is there', (await page.locator('.item').count()) > 0);
  await page.click('#tab-charts');
  check('no WebGL: so are charts and tables', (await page.locator('[data-chart]').count()) === 4 && (await page.locator('[data-table]').count()) === 3);
  await page.click('#tab-gaps');
  await page.locator('.item').first().click();
  check('no WebGL: records are explained', (await page.locator('.detail').count()) === 1);
  check('no WebGL: nothing breaks', seen.errors.length === 0, seen.errors.join('\n'));
  await shot(page, 'no-webgl');
  await close();
  await plain.close();
}
done();
