// Bundles the page and the zone sheets into one folder: page.js, page.css, index.html, sheets.*. Usage: node build.mjs OUT_FOLDER
// The worker of the map is a text inside page.js, started from a blob: from file:// no other way is open.
import * as esbuild from 'esbuild';
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, 'dist');
const shared = {
  bundle: true,
  minify: true,
  format: 'iife',
  target: ['es2022'],
  charset: 'utf8',
  legalComments: 'inline',
  define: { 'import.meta.url': '""' },
  logLevel: 'warning',
};

const worker = {
  name: 'worker text',
  setup(build) {
    build.onResolve({ filter: /^worker-text$/ }, () => ({ path: 'worker-text', namespace: 'worker' }));
    build.onLoad({ filter: /.*/, namespace: 'worker' }, async () => {
      const entry = join(here, 'node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs');
      const made = await esbuild.build({ ...shared, entryPoints: [entry], write: false });
      return { contents: made.outputFiles[0].text, loader: 'text' };
    });
  },
};

await mkdir(out, { recursive: true });
await esbuild.build({
  ...shared,
  entryPoints: ['page.js', 'page.css', 'sheets.js', 'sheets.css'].map((name) => join(here, 'src', name)),
  outdir: out,
  plugins: [worker],
});
for (const name of ['index.html', 'sheets.html']) await copyFile(join(here, 'src', name), join(out, name));
