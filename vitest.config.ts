import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// One core for each of two processes; the native TensorFlow does not live in worker threads.
// Threads that the engine starts from its sources are TypeScript, which Node 20 does not read by itself.
const execArgv = ['--import', new URL('test/support/typescript-in-threads.mjs', import.meta.url).href];
const forks = { pool: 'forks', maxWorkers: 2, execArgv } as const;
// TensorFlow takes every core: these files run one after the other.
const withTensorFlow = { ...forks, maxWorkers: 1, fileParallelism: false, testTimeout: 120_000, hookTimeout: 300_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...forks,
          name: 'unit',
          testTimeout: 15_000, // other work may hold both cores
          include: ['test/unit/**/*.test.ts'],
          exclude: ['test/unit/renderer/**'],
        },
      },
      {
        // Rune classes need Svelte's compiler and its client runtime.
        plugins: [svelte({ configFile: false })],
        resolve: { conditions: ['browser'] },
        test: { ...forks, name: 'page', include: ['test/unit/renderer/**/*.test.ts'] },
      },
      { test: { ...withTensorFlow, name: 'parity', include: ['test/parity/**/*.test.ts'] } },
      { test: { ...withTensorFlow, name: 'faults', include: ['test/faults/**/*.test.ts'] } },
    ],
  },
});
