import { defineConfig } from 'vite';
import { resolve } from 'node:path';

const at = (path: string) => resolve(import.meta.dirname, path);

// What `npm run bench` measures on our side. Apart from the app's build, which ships without it.
export default defineConfig({
  build: {
    ssr: true,
    outDir: 'out/bench',
    target: 'node20',
    sourcemap: true,
    rollupOptions: {
      input: {
        ours: at('main/bench/ours.ts'),
        importing: at('main/bench/importing.ts'),
        decoding: at('main/bench/decoding.ts'),
        stock: at('main/bench/stock.ts'),
        spec: at('main/bench/spec.ts'),
      },
      output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: 'chunks/[name]-[hash].mjs' },
    },
  },
});
