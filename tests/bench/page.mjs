// First view and pan steps of one page in software WebGL. Usage: node page.mjs REPORT_FOLDER [RUNS] [SHOTS_FOLDER]
import { join } from 'node:path';

import { launch, open, settle } from '../browser/browser.mjs';

const [folder, runs = '3', shots] = process.argv.slice(2);
const browser = await launch();
const middle = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

for (let run = 0; run < Number(runs); run++) {
  const start = performance.now();
  const { page, seen, close } = await open(browser, folder, { wait: null });
  await page.waitForSelector('#app[data-ready]', { state: 'attached', timeout: 120000 });
  const first = performance.now() - start;
  await page.waitForSelector('#app[data-ready="all"]', { state: 'attached', timeout: 120000 });
  const all = performance.now() - start;
  await settle(page);
  const cells = await page.evaluate(() => [window.kayoi.layers.cells?.count ?? 0, window.kayoi.layers.streets?.count ?? 0]);
  const words = [`run ${run + 1}: ${cells[0]} cells, ${cells[1]} streets; first view ${Math.round(first)} ms, everything ${Math.round(all)} ms`];
  for (const [name, zoom] of [['town', null], ['street', 15.5]]) {
    if (zoom) await page.evaluate((z) => window.kayoi_page.map.jumpTo({ zoom: z }), zoom);
    await settle(page);
    /* one pan step: from the call to the frame that shows it */
    const steps = await page.evaluate(async () => {
      const { map } = window.kayoi_page;
      const times = [];
      for (let i = 0; i < 24; i++) {
        const from = performance.now();
        map.panBy([i % 8 < 4 ? 60 : -60, i % 2 ? 25 : -25], { animate: false });
        map.redraw();
        const gl = map.getCanvas().getContext('webgl2');
        gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4)); // waits for the drawing
        times.push(performance.now() - from);
        await new Promise((done) => requestAnimationFrame(done));
      }
      return times;
    });
    words.push(`pan at ${name} level: median ${Math.round(middle(steps))} ms, worst ${Math.round(Math.max(...steps))} ms`);
    await settle(page);
    if (shots) await page.screenshot({ path: join(shots, `${name}.png`) });
  }
  if (seen.errors.length) words.push(`ERRORS ${seen.errors.join('; ')}`);
  console.log(words.join('; '));
  await close();
}
await browser.close();
