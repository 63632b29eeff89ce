import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const BUILT = join(import.meta.dirname, '../../dist/portal');

/** Compressed once, here: the broker sends these to browsers that take them. */
const compressed: Plugin = {
  name: 'compressed',
  closeBundle() {
    for (const file of readdirSync(join(BUILT, 'assets')))
      if (/\.(?:css|m?js|svg)$/.test(file)) {
        const path = join(BUILT, 'assets', file);
        writeFileSync(`${path}.br`, brotliCompressSync(readFileSync(path)));
      }
  },
};

/** Served by the broker itself, under its strict content policy: no inline script, no inline style, no data: asset. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), compressed],
  logLevel: 'warn',
  build: {
    outDir: BUILT,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
});
