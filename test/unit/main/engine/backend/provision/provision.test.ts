import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ProvisionProgress } from '#contract/engine-status.ts';
import { AppError } from '#contract/failures.ts';
import { provision } from '#engine/backend/provision/provision.ts';
import { wheelForSale } from '#test/support/fake-wheel.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const asks = {
  gpus: () => Promise.resolve([]),
  free: () => Promise.resolve(1e12),
  probe: () => Promise.resolve('2.21.0'),
};

async function provisioned(cache: string, answers: Partial<typeof asks> = {}) {
  const told: ProvisionProgress[] = [];
  const { signal } = new AbortController();
  const result = await provision({
    cache,
    signal,
    asks: { ...asks, ...answers },
    report: (progress) => void told.push(progress),
  });
  return { ...result, stages: [...new Set(told.map(({ stage }) => stage))] };
}

describe.skipIf(process.platform === 'win32')('from the wheel', () => {
  test('from nothing: every stage is told, and nothing but the engine is left', async () => {
    const { fetched } = await wheelForSale();
    const cache = await temporaryFolder();
    const { folder, version, stages } = await provisioned(cache);
    expect(version).toBe('2.21.0');
    expect(stages).toEqual(['check', 'download', 'verify', 'unpack', 'compile', 'done']);
    expect((await readdir(join(cache, 'engine'))).sort()).toEqual(['downloads', folder.split('/').at(-1)]);
    expect(await readdir(join(cache, 'engine', 'downloads'))).toEqual([]);
    expect((await readdir(folder)).sort()).toEqual(['engine.json', 'tensorflow', 'tfjs_binding.node']);
    expect(fetched).toEqual([undefined]);
  });

  test('there already: at once, though another one holds the lock', async () => {
    const { fetched } = await wheelForSale();
    const cache = await temporaryFolder();
    const first = await provisioned(cache);
    await mkdir(join(cache, 'engine', 'engine.lock'));
    expect(await provisioned(cache)).toEqual({ ...first, stages: ['check', 'done'] });
    expect(fetched).toHaveLength(1);
  });

  test('what an earlier try left half made is swept, not built upon', async () => {
    await wheelForSale();
    const cache = await temporaryFolder();
    const staging = join(cache, 'engine', 'staging');
    await mkdir(staging, { recursive: true });
    await writeFile(join(staging, 'torn'), '');
    const { folder } = await provisioned(cache);
    expect(existsSync(staging)).toBe(false);
    expect(existsSync(join(folder, 'torn'))).toBe(false);
  });

  test('an addon that does not load is never given a name, and what was made goes', async () => {
    await wheelForSale();
    const cache = await temporaryFolder();
    const probe = () => Promise.reject(new AppError('provision/load-failed', 'It crashed.'));
    await expect(provisioned(cache, { probe })).rejects.toMatchObject({ code: 'provision/load-failed' });
    expect(await readdir(join(cache, 'engine'))).toEqual(['downloads']);
  });

  test('without room nothing is fetched', async () => {
    const { fetched } = await wheelForSale();
    const free = () => Promise.resolve(2e8);
    await expect(provisioned(await temporaryFolder(), { free })).rejects.toMatchObject({
      code: 'provision/no-space',
      details: { neededMegabytes: 1500, freeMegabytes: 200 },
    });
    expect(fetched).toEqual([]);
  });
});

test('a cache that cannot be made is named', async () => {
  const cache = join(await temporaryFolder(), 'file');
  await writeFile(cache, 'not a folder');
  await expect(provisioned(cache)).rejects.toMatchObject({
    code: 'file/not-writable',
    details: { file: join(cache, 'engine') },
  });
});
