#!/usr/bin/env node
// A picture of a run's map page for README.md. Usage: scripts/page-picture.mjs OUT PNG [TAB]   (TAB: gaps, zones, sites ...)
import { launch, open, settle } from '../tests/browser/browser.mjs';

const [out, png, tab = 'gaps'] = process.argv.slice(2);
if (!png) {
  console.error('usage: scripts/page-picture.mjs OUT PNG [TAB]');
  process.exit(2);
}
const browser = await launch();
const { page, seen } = await open(browser, `${out}/internal/report`, { hash: `tab=${tab}`, width: 1280, height: 800 });
await settle(page);
await page.screenshot({ path: png });
await browser.close();
if (seen.errors.length) {
  console.error(seen.errors.join('\n'));
  process.exit(1);
}
console.log(png);
