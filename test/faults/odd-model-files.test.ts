import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { AppError } from '#contract/failures.ts';
import { readModelFile } from '#engine/model/formats/read-model-file.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const folder = path.resolve(import.meta.dirname, '../fixtures/attack-files');
const reasons = JSON.parse(readFileSync(path.join(folder, 'reasons.json'), 'utf8')) as Record<string, string>;

/** Threads, WebAssembly and what one small model needs; a bomb would take gigabytes. */
const mostGrowth = 400 * 2 ** 20;

test.each(Object.entries(reasons).filter(([, reason]) => reason !== ''))(
  '%s is refused: … %s',
  async (file, reason) => {
    const before = process.memoryUsage().rss;
    let most = before;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 10);
    const since = performance.now();
    const thrown: unknown = await readModelFile(path.join(folder, file)).catch((error: unknown) => error);
    clearInterval(watch);
    expect(thrown).toBeInstanceOf(AppError);
    expect((thrown as AppError).code).toMatch(/^model\/file-(refused|damaged)$/);
    expect((thrown as AppError).details['reason']).toContain(reason);
    expect(Math.max(most, process.memoryUsage().rss) - before).toBeLessThan(mostGrowth);
    expect(performance.now() - since).toBeLessThan(20_000); // a second on a machine at rest
  },
);

test.each(['fine.keras', 'fine.h5'])('%s, from which they are made, is read', async (file) => {
  const { model } = await readModelFile(path.join(folder, file));
  expect(model?.weights.map(({ name }) => name)).toEqual(['out/kernel', 'out/bias']);
});

test('an attribute without end is refused', async () => {
  const { ready, File } = await import('h5wasm');
  const module = await ready;
  const file = new File('/long.h5', 'w');
  file.create_attribute('model_config', ' '.repeat(80 * 2 ** 20));
  file.close();
  const written = path.join(await temporaryFolder(), 'long.h5');
  await writeFile(written, (module.FS as unknown as { readFile(path: string): Uint8Array }).readFile('/long.h5'));
  await expect(readModelFile(written)).rejects.toMatchObject({
    code: 'model/file-refused',
    details: { reason: expect.stringContaining('too long') as string },
  });
});
