import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import { decodeImage } from '#engine/data/decode/decode-image.ts';
import { DecoderPool } from '#engine/data/decode/decoder-pool.ts';
import { sample } from '#test/support/odd-images/sample.ts';

const form = { height: 12, width: 16, channels: 3, fit: 'crop' } as const;
// Threads that read TypeScript start slowly on a busy machine.
vi.setConfig({ testTimeout: 60_000 });
const worker = fileURLToPath(new URL('../../../../../support/dying-decode-worker.ts', import.meta.url));
const images = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((seed) => sample(seed).png().toBuffer()));
const image = (index: number) => images[index] as Buffer;

let pool: DecoderPool | undefined;
const start = (parts: Partial<ConstructorParameters<typeof DecoderPool>[0]> = {}) =>
  (pool = new DecoderPool({ threads: 2, form, worker, ...parts }));
afterEach(() => pool?.dispose());

test.each([1, 3])('%i threads answer each file with its own pixels and hashes', async (threads) => {
  const decoder = start({ threads });
  const answers = await Promise.all(images.map((bytes, i) => decoder.decode({ name: `${i}.png`, bytes })));
  for (const [i, answer] of answers.entries()) {
    const alone = await decodeImage(image(i), 'x.png', form);
    expect(answer).toMatchObject({ ...alone, hash: createHash('sha256').update(image(i)).digest('hex') });
    expect(answer).toHaveProperty('perceptual', expect.stringMatching(/^[0-9a-f]{16}$/));
  }
});

test('bytes that share their memory with others stay with their owner', async () => {
  const shared = Buffer.concat([Buffer.alloc(100), image(0), Buffer.alloc(100)]);
  const part = shared.subarray(100, 100 + image(0).length);
  const answer = await start().decode({ name: 'part.png', bytes: part });
  expect(answer).toHaveProperty('pixels');
  expect(part.equals(image(0))).toBe(true);
});

test.each([
  ['deadly.jpg', 'decoder-died', 'it ended with code 7'],
  ['thrown.jpg', 'decoder-died', 'a weakness of the heart'],
  ['silent.jpg', 'too-slow', undefined],
  ['endless.jpg', 'too-slow', undefined],
])('%s costs itself alone: %s', async (bad, oddity, detail) => {
  const decoder = start({ patience: 400 });
  const names = ['a.png', 'b.png', bad, 'c.png', 'd.png', bad, 'e.png', 'f.png'];
  const answers = await Promise.all(names.map((name, i) => decoder.decode({ name, bytes: image(i) })));
  const expected = { skipped: oddity, ...(detail !== undefined && { detail }) };
  for (const [i, answer] of answers.entries()) {
    if (names[i] === bad) expect(answer).toEqual(expected);
    else expect(answer).toHaveProperty('pixels');
  }
});

test('a slow file in a queue of slow ones has its own time', async () => {
  const decoder = start({ threads: 1, patience: 400 });
  const answers = await Promise.all(images.map((bytes) => decoder.decode({ name: 'slow.jpg', bytes })));
  for (const answer of answers) expect(answer).toHaveProperty('pixels');
});

test('an engine that is busy for longer than the patience blames no file', async () => {
  const decoder = start({ threads: 1, patience: 300 });
  await decoder.decode({ name: 'first.png', bytes: image(0) });
  const answer = decoder.decode({ name: 'second.png', bytes: image(1) });
  const until = performance.now() + 700;
  while (performance.now() < until);
  expect(await answer).toHaveProperty('pixels');
});

test('threads that do not start are a failure of the pool, not of the files', async () => {
  const broken = fileURLToPath(new URL('../../../../../support/never-ready-worker.ts', import.meta.url));
  const decoder = start({ worker: broken });
  await expect(decoder.decode({ name: 'a.png', bytes: image(0) })).rejects.toMatchObject({ code: 'data/reader-died' });
  await expect(decoder.decode({ name: 'b.png', bytes: image(0) })).rejects.toMatchObject({ code: 'data/reader-died' });
});

test('ended, the pool answers what waits with call/cancelled', async () => {
  const decoder = start();
  const waiting = Promise.allSettled(images.map((bytes) => decoder.decode({ name: 'slow.jpg', bytes })));
  await decoder.dispose();
  for (const each of await waiting) {
    expect(each).toMatchObject({ status: 'rejected', reason: { code: 'call/cancelled' } });
  }
});
