import { test as base } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './built.ts';

/** A folder of the test's own, gone with it, however it ends. */
export const test = base.extend<{ home: string }>({
  // Beside the packages: an AppImage that unpacks itself, and packages, need a gigabyte each, which /tmp may not have.
  // eslint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from its first argument
  home: async ({}, use) => {
    const home = await mkdtemp(join(root, 'dist', 'check-'));
    await use(home);
    await rm(home, { recursive: true, force: true });
  },
});
