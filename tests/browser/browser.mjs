// What browser tests share: Debian's Chromium by playwright-core, pages opened from file:// with the network blocked, TAP.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const packages = join(root, 'engine/report/package.json');
const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

let failed = 0;
let count = 0;

/** A TAP line; `say` is shown when it fails. */
export function check(name, is_good, say = '') {
  count++;
  if (is_good) console.log(`ok - ${name}`);
  else {
    failed++;
    console.log(`not ok - ${name}`);
    console.error(`# ${name}: ${typeof say === 'function' ? say() : say}`);
  }
  return is_good;
}

export function done() {
  console.log(`1..${count}`);
  process.exit(failed ? 1 : 0);
}

/** Starts Chromium; where it or playwright-core is not there, says so and ends. */
export async function launch(...more) {
  const executablePath = browsers.find(existsSync);
  let chromium = null;
  try {
    ({ chromium } = createRequire(packages)('playwright-core'));
  } catch {
    // said below
  }
  if (!executablePath || !chromium) {
    console.log(`ok - pages in a browser # SKIP ${executablePath ? 'playwright-core of engine/report' : 'chromium'} is not there`);
    process.exit(0);
  }
  const gl = more.includes('--disable-3d-apis') ? [] : ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-background-networking', ...gl, ...more] });
}

/** Opens a page of a run; what it says, asks for and breaks is collected. */
export async function open(browser, folder, { file = 'index.html', hash = '', width = 1280, height = 800, wait = 'all', offline = true } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, offline });
  const page = await context.newPage();
  const seen = { errors: [], outside: [], dialogs: 0 };
  page.on('console', (m) => m.type() === 'error' && seen.errors.push(m.text().slice(0, 400)));
  page.on('pageerror', (e) => seen.errors.push(String(e.stack).slice(0, 600)));
  page.on('dialog', (d) => {
    seen.dialogs++;
    d.dismiss();
  });
  page.on('request', (r) => /^(file|blob|data|about):/.test(r.url()) || seen.outside.push(r.url()));
  await page.goto(`${pathToFileURL(join(folder, file))}${hash ? `#${hash}` : ''}`);
  if (wait) await page.waitForSelector(`#app[data-ready="${wait}"]`, { state: 'attached', timeout: 60000 }).catch((e) => seen.errors.push(`not ready: ${e.message}`));
  return { page, seen, close: () => context.close() };
}

/** Waits until the map has drawn everything. */
export const settle = (page) =>
  page.evaluate(
    () =>
      new Promise((done) => {
        const map = window.kayoi_page.map;
        if (!map) return done();
        const look = () => (map.loaded() && !map.isMoving() ? requestAnimationFrame(() => requestAnimationFrame(done)) : setTimeout(look, 50));
        setTimeout(look, 50);
      }),
  );

export function kayoi(binary, ...args) {
  const made = spawnSync(binary, args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8' } });
  return { status: made.status, text: made.stdout + made.stderr };
}
