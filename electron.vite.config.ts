import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';
import { resolve } from 'node:path';

const at = (path: string) => resolve(import.meta.dirname, path);
const commonjs = {
  format: 'cjs' as const,
  entryFileNames: '[name].cjs',
  chunkFileNames: 'chunks/[name]-[hash].cjs',
};

// The oldest Electron the shell runs on is 22 (Node 16.17, Chrome 108); a sandboxed preload must be one CommonJS file.
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      target: 'node16.17',
      sourcemap: true,
      externalizeDeps: { exclude: ['env-paths', '@orpc/server', '@orpc/client', '@orpc/contract', 'zod'] },
      rollupOptions: {
        input: {
          shell: at('main/shell/index.ts'),
          engine: at('main/engine/index.ts'),
          'pulse-worker': at('main/engine/pulse-worker.ts'),
          'batch-worker': at('main/engine/data/loader/batch-worker.ts'),
          'decode-worker': at('main/engine/data/decode/decode-worker.ts'),
          'hdf5-worker': at('main/engine/model/formats/hdf5/hdf5-worker.ts'),
          'hdf5-write-worker': at('main/engine/model/formats/hdf5/write-worker.ts'),
          'film-reading-worker': at('main/engine/video/run/reading-worker.ts'),
          'film-writing-worker': at('main/engine/video/run/writing-worker.ts'),
          cli: at('main/cli/index.ts'),
          serve: at('main/serve/index.ts'),
        },
        output: commonjs,
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      target: 'node16.17',
      rollupOptions: { input: { index: at('preload/index.ts') }, output: commonjs },
    },
  },
  renderer: {
    root: at('renderer'),
    base: './',
    plugins: [svelte()],
    build: {
      outDir: at('out/renderer'),
      emptyOutDir: true,
      target: 'chrome108',
      // Prefixes that Chrome 108 still wants (masks) come from the CSS minifier; less to parse is a faster start.
      cssTarget: 'chrome108',
      minify: true,
      cssMinify: 'lightningcss',
      rollupOptions: { input: at('renderer/index.html') },
    },
  },
});
