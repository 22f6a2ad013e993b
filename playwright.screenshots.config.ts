import { defineConfig } from '@playwright/test';

/** `npm run screenshots`: takes the pictures of docs/screenshots; no test. */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: 'screenshots.ts',
  workers: 1,
  reporter: [['list']],
  outputDir: 'test-results/screenshots',
});
