import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test, vi } from 'vitest';
import { findInstalled } from '#engine/backend/installed.ts';
import { provision } from '#engine/backend/provision/provision.ts';
import { wheelForSale } from '#test/support/fake-wheel.ts';
import { bundled, killAfterStart } from '#test/support/killed-program.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const kills = 10;
/** One run takes some 400 ms: 21 pieces of the wheel every 10 ms, unpacking to the disk, the compiler. */
const longest = 500;

test.skipIf(process.platform === 'win32')(
  `killed ${kills} times while provisioning: never half an engine, and each try goes on from the one before`,
  async () => {
    const program = await bundled('provision-and-stay');
    const { fetched } = await wheelForSale({ slow: 10 });
    // What is bundled lies elsewhere and still looks for the npm packages of this checkout.
    vi.stubEnv('NODE_PATH', resolve(import.meta.dirname, '../../node_modules'));
    const cache = await temporaryFolder();
    const root = join(cache, 'engine');
    const outcomes = { whole: 0, half: 0, resumed: 0 };
    for (let kill = 0; kill < kills; kill++) {
      const [had, before] = [await partSize(root), fetched.length];
      const after = Math.round(((kill + Math.random()) / kills) * longest); // at random, and each part of the run once
      await killAfterStart(program, [cache], after);
      const first = fetched[before];
      if (had > 0 && fetched.length > before) {
        expect(first, `the first request of try ${kill}, killed after ${after} ms`).toBe(`bytes=${had}-`);
        outcomes.resumed++;
      }
      outcomes[(await sweepIfWhole(root)) ? 'whole' : 'half']++;
      await asIfLongAgo(join(root, 'engine.lock'));
    }
    expect(outcomes.half, JSON.stringify(outcomes)).toBeGreaterThan(0);

    const had = await partSize(root);
    const { folder } = await provision({
      cache,
      report: () => undefined,
      signal: new AbortController().signal,
      asks: {
        gpus: () => Promise.resolve([]),
        free: () => Promise.resolve(1e12),
        probe: () => Promise.resolve('2.21.0'),
      },
    });
    if (had > 0) expect(fetched.at(-1)).toBe(`bytes=${had}-`);
    expect((await readdir(root)).sort()).toEqual(['downloads', folder.split('/').at(-1)]);
    expect(await sweepIfWhole(root)).toBe(true);
  },
  60_000,
);

/** Every engine that would be taken for whole has the bytes it promises; it is removed so that the next try has work. */
async function sweepIfWhole(root: string): Promise<boolean> {
  const engines = await findInstalled('cpu', root);
  for (const { folder, files } of engines) {
    expect(Object.keys(files)).toHaveLength(3);
    for (const [name, { sha256 }] of Object.entries(files)) {
      const content = await readFile(join(folder, name));
      expect(createHash('sha256').update(content).digest('hex'), name).toBe(sha256);
    }
    await rm(folder, { recursive: true });
  }
  return engines.length > 0;
}

async function partSize(root: string): Promise<number> {
  const downloads = join(root, 'downloads');
  const part = (await readdir(downloads).catch(() => [])).find((name) => name.endsWith('.part'));
  return part === undefined ? 0 : (await stat(join(downloads, part))).size;
}

/** The lock of the killed one is taken over 15 s later; nobody wants to wait for that ten times. */
async function asIfLongAgo(lock: string): Promise<void> {
  await utimes(lock, 0, 0).catch(() => undefined);
}
