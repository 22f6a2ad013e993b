import { defineConfig } from '@playwright/test';

/** `npm run dist -- --check`, and one stage of `npm test`: the packages in dist/ are unpacked, started and driven. */
export default defineConfig({
  testDir: 'test/packaged',
  testMatch: '**/*.test.ts',
  workers: 1,
  timeout: 300_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  reporter: process.env['HEATLENS_E2E_REPORT']
    ? [['list'], ['json', { outputFile: process.env['HEATLENS_E2E_REPORT'] }]]
    : [['list']],
  outputDir: 'test-results/packaged',
});
