import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeImage } from '#engine/data/decode/decode-image.ts';
import { DecoderPool } from '#engine/data/decode/decoder-pool.ts';
import { readHeader } from '#engine/data/decode/image-header.ts';
import { bombs } from '#test/support/odd-images/bombs.ts';
import { makeOddImages } from '#test/support/odd-images/odd-images.ts';
import type { Outcome } from '#test/support/odd-images/outcome.ts';

const form = { height: 32, width: 32, channels: 3, fit: 'crop' } as const;
const corpus = await makeOddImages();
const bombFiles = await bombs();

/** Milliseconds that a file may take: no hang. */
const longest = 5000;

function outcomeOf(decoded: Awaited<ReturnType<typeof decodeImage>>): Outcome {
  if ('skipped' in decoded) return { skipped: decoded.skipped };
  return { used: decoded.oddities.map(({ oddity }) => oddity) };
}

test(`the corpus has more than 150 files, each of its own name`, () => {
  expect(corpus.length).toBeGreaterThan(150);
  expect(new Set(corpus.map(({ name }) => name)).size).toBe(corpus.length);
});

describe('each odd file is used, repaired or skipped as stated', () => {
  test.each(corpus)('$name', { timeout: longest }, async ({ name, bytes, expected }) => {
    const decoded = await decodeImage(bytes, name, form);
    expect(expected).toContainEqual(outcomeOf(decoded));
    if ('pixels' in decoded) expect(decoded.pixels.length).toBe(32 * 32 * 3);
  });
});

describe('in threads, in every form', () => {
  const forms = [
    { height: 1, width: 1, channels: 1, fit: 'crop' },
    { height: 224, width: 96, channels: 3, fit: 'pad' },
    { height: 28, width: 28, channels: 1, fit: 'stretch' },
  ] as const;
  test.each(forms)('$height×$width×$channels, $fit', { timeout: 60_000 }, async (each) => {
    const pool = new DecoderPool({ threads: 2, form: each });
    try {
      const decodeAll = () =>
        Promise.all(corpus.map(async ({ name, bytes }) => outcomeOf(await pool.decode({ name, bytes }))));
      const outcomes = await decodeAll();
      for (const [i, { name, expected }] of corpus.entries()) expect(expected, name).toContainEqual(outcomes[i]);
      // Where chance has made the file, it is still the same every time, whatever other threads are at.
      expect(await decodeAll()).toEqual(outcomes);
    } finally {
      await pool.dispose();
    }
  });
});

describe('an image of too many pixels is refused by its header', () => {
  let before = 0;
  beforeAll(() => {
    before = process.memoryUsage().rss;
  });
  afterAll(() => expect(process.memoryUsage().rss - before).toBeLessThan(50e6));

  test.each(bombFiles)('$name: within 50 ms and 50 MB', async ({ name, bytes }) => {
    const memory = process.memoryUsage().rss;
    const began = performance.now();
    const decoded = await decodeImage(bytes, name, form);
    const took = performance.now() - began;
    expect(decoded).toMatchObject({ skipped: 'too-large', detail: expect.stringMatching(/^\d+×\d+$/) });
    expect(took).toBeLessThan(50);
    expect(process.memoryUsage().rss - memory).toBeLessThan(50e6);
  });

  test('the honest bomb is 1.2 MB small and would unpack to 1.2 GB', () => {
    const bomb = bombFiles.find(({ name }) => name === 'bomb-rgb.png');
    expect(bomb?.bytes.length).toBeLessThan(1.3e6);
    expect(readHeader(bomb?.bytes ?? Buffer.alloc(0))).toMatchObject({ width: 20_000, height: 20_000 });
  });
});
