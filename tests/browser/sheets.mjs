// The zone sheets of the sample town. Usage: node sheets.mjs KAYOI WORK_DIR; PDF and screenshots stay in WORK_DIR.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { check, done, kayoi, launch, open, root } from './browser.mjs';

const [binary, work] = process.argv.slice(2);
rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
const made = kayoi(binary, 'run', join(root, 'sample-data/kayoi.yaml'), '--out', join(work, 'out'));
check('the sample runs', made.status === 0, made.text);
const report = join(work, 'out/internal/report');
const features = (name) => JSON.parse(readFileSync(join(work, `out/internal/${name}.geojson`), 'utf8')).features.map((f) => f.properties);
const zones = features('zones').filter((z) => z.level === 'zone');
const browser = await launch();

{
  const { page, seen, close } = await open(browser, report, { file: 'sheets.html' });
  const sheets = await page.$$eval('.sheet', (all) => all.map((s) => ({ id: s.dataset.zone, text: s.innerText, numbers: [...s.querySelectorAll('.numbers data')].map((d) => Number(d.value)), paths: s.querySelectorAll('.zone-map path').length, order: [...s.querySelectorAll('h3')].map((e) => e.innerText) })));
  check('a sheet for each zone', sheets.map((s) => s.id).join() === zones.map((z) => z.zone_id).join());
  for (const [n, zone] of zones.entries()) {
    const s = sheets[n];
    const wanted = ['pop_65', 'covered_share_65', 'in_gap_65', 'target_participants', 'participants', 'shortfall', 'no_venue_no_shop_65'].map((c) => zone[c]).filter((v) => v !== null);
    check(`${zone.zone_id}: at most seven numbers, those of the layer`, s.numbers.length <= 7 && s.numbers.join() === wanted.join(), `${s.numbers} ${wanted}`);
    check(`${zone.zone_id}: strengths come first`, s.order[0] === '今あるもの');
    check(`${zone.zone_id}: a map is drawn`, s.paths > 20, String(s.paths));
    const sites = features('sites').filter((f) => f.zone_id === zone.zone_id).sort((a, b) => a.order - b.order).slice(0, 3);
    check(`${zone.zone_id}: its first sites by name`, sites.every((f) => s.text.includes(f.site_name)), s.text);
    const areas = features('mobility').filter((f) => f.zone_id === zone.zone_id);
    check(`${zone.zone_id}: its mobility candidates by name`, areas.length === 0 || areas.some((f) => s.text.includes(f.gap_name)), s.text);
    check(`${zone.zone_id}: no words for machines`, !/undefined|NaN|gap_pct|bound|_65/.test(s.text), s.text);
    check(`${zone.zone_id}: room for what is missing`, s.text.includes('ここに無い集まりを書き足す') && s.text.includes('kayoi.xlsx'));
  }
  await page.screenshot({ path: join(work, 'sheets.png'), fullPage: true });
  const pdf = await page.pdf({ path: join(work, 'sheets.pdf'), preferCSSPageSize: true, printBackground: true });
  const count = (pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g) ?? []).length;
  check('one A4 page for each', count === zones.length, String(count));
  const heights = await page.$$eval('.sheet', (all) => all.map((s) => [s.scrollHeight, s.clientHeight]));
  check('nothing is cut off', heights.every(([inside, outside]) => inside <= outside + 1), String(heights));
  await page.click('#language');
  check('in English too', /Zone sheet/.test(await page.innerText('.sheet')) && !/[ぁ-ん]/.test(await page.innerText('.sheet h3')));
  await page.selectOption('#zone', `=${zones[1].zone_id}`);
  await page.waitForFunction(() => document.querySelectorAll('.sheet').length === 1);
  check('one zone alone', (await page.getAttribute('.sheet', 'data-zone')) === zones[1].zone_id && page.url().endsWith(`#zone=${zones[1].zone_id}`));
  check('quiet, and nothing from outside', seen.errors.length === 0 && seen.outside.length === 0, JSON.stringify(seen));
  await close();
}
{
  const { page, seen, close } = await open(browser, report, { file: 'sheets.html', width: 400, height: 800 });
  check('400 px wide: nothing sticks out', await page.evaluate(() => document.documentElement.scrollWidth <= 400), String(await page.evaluate(() => document.documentElement.scrollWidth)));
  await page.screenshot({ path: join(work, 'sheets-400.png') });
  check('quiet', seen.errors.length === 0, JSON.stringify(seen));
  await close();
}
{
  /* Names may hold anything. */
  const zone_file = join(report, 'data/zones.js');
  const text = readFileSync(zone_file, 'utf8');
  const name = '<img src=x onerror=alert(1)>‮逆' + '長'.repeat(500);
  writeFileSync(zone_file, text.replaceAll(JSON.stringify(zones[0].name), JSON.stringify(name).replaceAll('<', '\\u003c')));
  const { page, seen, close } = await open(browser, report, { file: 'sheets.html' });
  check('a name is text', (await page.innerText('.sheet h2')).startsWith('<img src=x') && (await page.$('img')) === null && seen.dialogs === 0);
  check('quiet with such a name', seen.errors.length === 0, JSON.stringify(seen));
  await close();
  writeFileSync(zone_file, text.replace(/"count":\d+/, '"count":0'));
  const none = await open(browser, report, { file: 'sheets.html', wait: null });
  await none.page.waitForSelector('[role=alert]');
  check('without zones it says so', (await none.page.innerText('[role=alert]')).includes('圏域'));
  await none.close();
}
await browser.close();
done();
