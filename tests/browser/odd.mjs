// Pages of odd runs: names that are no names, parts that are missing, towns that are tiny. Usage: node odd.mjs KAYOI WORK_DIR
import { chmodSync, copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

import { check, done, kayoi, launch, open, root, settle } from './browser.mjs';

const [binary, work] = process.argv.slice(2);
rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });

/** A copy of the sample with changed files; its report. edit: { file: text => text }. */
function run(name, edit = {}, config = (text) => text) {
  const folder = join(work, name);
  cpSync(join(root, 'sample-data'), folder, { recursive: true });
  for (const [file, change] of Object.entries(edit)) {
    const letters = file.endsWith('.txt') ? 'latin1' : 'utf8'; // CP932, of which only digits are touched
    writeFileSync(join(folder, file), change(readFileSync(join(folder, file), letters)), letters);
  }
  const path = join(folder, 'kayoi.yaml');
  const light = (text) => text.replace(/formats: .*/, 'formats: [geojson]').replace(/\n +sensitivity: true.*/, '').replace(/\n +use: \[2025.*/, '\n  use: [2035]');
  writeFileSync(path, config(light(readFileSync(path, 'utf8'))));
  const made = kayoi(binary, 'run', path, '--out', join(folder, 'out'), '--lang', 'en', '--accept');
  check(`${name}: it runs`, made.status === 0, made.text.slice(-1500));
  return { report: join(folder, 'out/internal/report'), text: made.text, internal: join(folder, 'out/internal') };
}

const TABS = ['summary', 'gaps', 'zones', 'sites', 'mobility', 'charts'];
const browser = await launch();

/** Every tab, and the first thing of each list. */
async function walk_through(name, report, expect = async () => {}) {
  const { page, seen, close } = await open(browser, report);
  for (const tab of TABS) {
    if (!(await page.locator(`#tab-${tab}`).count())) continue; // its layers are not there
    await page.click(`#tab-${tab}`);
    await expect(page, tab);
    const item = page.locator('.item').first();
    if (await item.count()) {
      await item.click();
      await page.keyboard.press('Escape');
    }
  }
  await settle(page);
  check(`${name}: nothing breaks`, seen.errors.length === 0 && seen.outside.length === 0 && seen.dialogs === 0, [...seen.errors, ...seen.outside].join('\n'));
  await page.click('#tab-summary');
  await page.screenshot({ path: join(work, `${name}.png`) });
  await close();
  return seen;
}

/* --- names that would like to be run ---------------------------------------------------------------------------------- */
const LONG = '長い名前の集会所'.repeat(63).slice(0, 500);
const NAMES = ['<img src=x onerror="window.hacked=1">', '</script><script>window.hacked=2</script>', '"];window.hacked=3;//', "'+alert(1)+'", '👵🏽体操🧶', 'مقهى القرية', '\u202Eesrever\u202C', 'a\u2028b\u2029c', '${window.hacked=4}', '&lt;b&gt;&amp;', LONG, '{{constructor}}'];
const csv = (text) => {
  const lines = text.split('\r\n');
  const at = lines[0].split(',').indexOf('名称');
  return lines
    .map((line, n) => {
      const cells = line.split(',');
      if (n === 0 || n > NAMES.length || cells.length <= at) return line;
      cells[at] = `"${NAMES[n - 1].replaceAll('"', '""')}"`;
      return cells.join(',');
    })
    .join('\r\n');
};
const zone_names = (text) => {
  const all = JSON.parse(text);
  all.features.forEach((f, n) => (f.properties.圏域名 = NAMES[n] + n));
  return JSON.stringify(all);
};
{
  const { report, internal } = run('names', { 'venues.csv': csv, 'zones.geojson': zone_names }, (text) => text.replace(/name: 通井町/, "name: \"<script>window.hacked=5</script>\""));
  const files = readdirSync(join(report, 'data')).map((f) => readFileSync(join(report, 'data', f), 'utf8'));
  check('names: no file has an angle bracket or a line separator of its own', files.every((text) => !/[<>&\u2028\u2029]/.test(text)));
  const venues = JSON.parse(readFileSync(join(internal, 'venues.geojson'), 'utf8')).features.map((f) => f.properties);
  check('names: they came through the run', NAMES.filter((n) => venues.some((v) => v.name === n)).length >= 10, JSON.stringify(venues.map((v) => v.name.slice(0, 40))));
  const { page, seen, close } = await open(browser, report);
  const raw = await page.evaluate(() => window.kayoi.layers.venues.count);
  for (let i = 0; i < raw; i++) {
    await page.evaluate((n) => window.kayoi_page.set({ chosen: { kind: 'venues', record: n } }), i);
    const title = await page.evaluate(() => document.querySelector('#chosen')?.textContent);
    if (title !== venues[i].name) check(`names: ${venues[i].name.slice(0, 30)} is shown as it is`, false, title);
  }
  check('names: every name is text, letter by letter', true);
  await page.evaluate(() => window.kayoi_page.set({ chosen: null, tab: 'zones' }));
  await settle(page);
  check('names: zones too', (await page.locator('.item-title').allTextContents()).some((t) => t.startsWith(NAMES[0])));
  check('names: nothing of them ran', (await page.evaluate(() => window.hacked)) === undefined && seen.dialogs === 0 && (await page.locator('#app img:not(#map-print)').count()) === 0);
  check('names: nothing breaks', seen.errors.length === 0, seen.errors.join('\n'));
  check('names: long ones stay in their place', await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await page.evaluate(() => window.kayoi_page.set({ tab: 'summary' }));
  await page.screenshot({ path: join(work, 'names.png') });
  await close();
}

/* --- tiny towns ---------------------------------------------------------------------------------------------------------- */
const one_cell = (text) => {
  const lines = text.split(/\r?\n/);
  return [...lines.slice(0, 2), lines[40]].join('\r\n');
};
{
  const { report } = run('one-cell', { 'tblT001141H4930.txt': one_cell });
  await walk_through('one-cell', report);
}
{
  const { report } = run('no-gaps', {}, (text) => text.replace(/bands_m: .*/, 'bands_m: [5000, 20000]').replace(/primary_m: 500/, 'primary_m: 20000').concat('\ngaps:\n  min_people: 1000\n'));
  await walk_through('no-gaps', report);
}
{
  const { report } = run('no-venues', { 'venues.csv': (text) => text.split('\r\n')[0] + '\r\n' });
  await walk_through('no-venues', report);
}

/* --- layers that are not there, as in a public part -------------------------------------------------------------------------- */
{
  const { report } = run('whole');
  for (const names of [['streets', 'zones'], ['gaps', 'mobility'], ['cells', 'venues'], ['sites', 'site_curve', 'site_sets', 'service_areas', 'distance_curve', 'year_zones', 'year_gaps'], ['cells', 'streets', 'gaps', 'zones', 'venues', 'sites', 'mobility', 'service_areas']]) {
    const folder = join(work, `without-${names[0]}-${names.length}`);
    cpSync(report, folder, { recursive: true });
    const run_js = join(folder, 'data/run.js');
    let text = readFileSync(run_js, 'utf8');
    for (const name of names) {
      unlinkSync(join(folder, `data/${name}.js`));
      text = text.replace(new RegExp(`\\{"layer":"${name}","later":(true|false)\\},?`), '');
    }
    writeFileSync(run_js, text.replace(',]', ']'));
    await walk_through(`without ${names.join(', ')}`.slice(0, 60), folder);
  }
  /* a layer that was too large is said */
  const folder = join(work, 'left-out');
  cpSync(report, folder, { recursive: true });
  const text = readFileSync(join(folder, 'data/run.js'), 'utf8');
  writeFileSync(join(folder, 'data/run.js'), text.replace(/\{"layer":"cells","later":false\},?/, '').replace('"left_out":[]', '"left_out":[{"layer":"cells","alias":"居住エリア","records":1000000,"shown":0}]'));
  const { page, close } = await open(browser, folder);
  check('a layer that is left out is said', (await page.innerText('#panel')).includes('1,000,000'));
  await close();
  /* no data at all */
  unlinkSync(join(folder, 'data/run.js'));
  const empty = await open(browser, folder, { wait: null });
  check('without its data the page says what to do', (await empty.page.innerText('#app')).includes('report'));
  await empty.close();
}
/* --- background tiles, where a town names some: from there and from nowhere else ---------------------------------------------- */
{
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(200, { 'Content-Type': 'image/png', 'Access-Control-Allow-Origin': '*' }).end(png);
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const address = `http://127.0.0.1:${server.address().port}`;
  const { report } = run('tiles', {}, (text) => `${text}\npage:\n  tiles: "${address}/{z}/{x}/{y}.png"\n  tiles_words: "<b>町の地形図</b>"\n`);
  const { page, seen, close } = await open(browser, report, { offline: false });
  await settle(page);
  check('tiles: they are asked for', asked.length > 0 && asked.every((url) => /^\/\d+\/\d+\/\d+\.png$/.test(url)), asked.join(' '));
  check('tiles: nobody else is asked', seen.outside.every((url) => url.startsWith(`${address}/`)), seen.outside.join(' '));
  check('tiles: whose they are is text', (await page.innerText('.maplibregl-ctrl-attrib')).includes('<b>町の地形図</b>'));
  check('tiles: nothing breaks', seen.errors.length === 0, seen.errors.join('\n'));
  await close();
  server.close();
}

/* --- a program that came without the page's files ----------------------------------------------------------------------------- */
{
  copyFileSync(binary, join(work, 'kayoi'));
  chmodSync(join(work, 'kayoi'), 0o755);
  const made = kayoi(join(work, 'kayoi'), 'run', join(work, 'whole/kayoi.yaml'), '--out', join(work, 'bare'), '--lang', 'en');
  check('without its files kayoi runs, and says that and why there is no page', made.status === 0 && made.text.includes('no map page is written') && made.text.includes('node'), made.text);
}

/* --- no font with Japanese letters: boxes, but a page ------------------------------------------------------------------------ */
{
  writeFileSync(join(work, 'fonts.conf'), '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>/usr/share/fonts/truetype/dejavu</dir></fontconfig>');
  process.env.FONTCONFIG_FILE = join(work, 'fonts.conf');
  const bare = await launch();
  const { page, seen, close } = await open(bare, join(work, 'whole/out/internal/report'));
  await settle(page);
  check('no font: the page is there', (await page.locator('.item').count()) > 0 && seen.errors.length === 0, seen.errors.join('\n'));
  await close();
  await bare.close();
}
await browser.close();
done();
