import { defineConfig } from '@playwright/test';
import { existsSync } from 'node:fs';

const systemChromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

/**
 * The same journeys on both hosts: a fixture opens the host that the project's name says. What only a desktop window
 * has is in `*.electron.test.ts`.
 */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.test.ts',
  workers: 1, // training takes every core
  timeout: 180_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  reporter: process.env['HEATLENS_E2E_REPORT']
    ? [['list'], ['json', { outputFile: process.env['HEATLENS_E2E_REPORT'] }]]
    : [['list']],
  outputDir: 'test-results/e2e', // each kind of run clears its own alone
  use: {
    viewport: { width: 1280, height: 800 },
    trace: 'retain-on-failure',
    // Without a Chromium of the system, Playwright's own. Its sandbox refuses to run as root.
    launchOptions: {
      ...(systemChromium ? { executablePath: systemChromium } : {}),
      chromiumSandbox: process.getuid?.() !== 0,
    },
  },
  projects: [{ name: 'electron' }, { name: 'browser', testIgnore: '**/*.electron.test.ts' }],
});
