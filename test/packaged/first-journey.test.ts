import { expect } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { bareEnvironment, built, flags, root } from './built.ts';
import { firstJourney } from './first-journey.ts';
import { test } from './test-home.ts';

const made = built();

test('the packaged app is driven through the first journey: a photo, its classes, its heat', async ({ home }) => {
  expect(made.archive.same, 'the test build has the archive of the release').toBe(true);
  await firstJourney(join(root, made.test), home);
});

test('a release cannot be inspected, nor made a plain Node of, by its command line or environment', async ({
  home,
}) => {
  const program = join(root, made.release);
  const env = { ...bareEnvironment(home), ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '--throw-deprecation' };
  // As a Node this would print; as our app it opens no window but tests itself.
  const words = [...flags, '-e', 'console.log("a plain Node")', '--inspect=0', '--self-test'];
  const said = execFileSync(program, words, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000 }).toString();
  expect(said).not.toContain('a plain Node');
  expect(JSON.parse(said.trim())).toMatchObject({ ok: true, packaged: true });
});
