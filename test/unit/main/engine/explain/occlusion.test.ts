import { expect, test } from 'vitest';
import { occlusion } from '#engine/explain/occlusion.ts';
import type { Subject } from '#engine/explain/question.ts';

/** Looks at one pixel of 8×8: the class's score is its level. */
const seen = 3 * 8 + 5;
const logits = (images: Uint8Array, count: number) =>
  Float32Array.from({ length: count * 2 }, (_, at) => (at % 2 === 0 ? (images[(at / 2) * 64 + seen] ?? 0) / 100 : 0));
const subject = { parts: { shape: [8, 8, 1], classes: 2 }, logits } as unknown as Subject;
const pixels = new Uint8Array(64).fill(250);

test('the heat is where the square hides what the network looks at', async () => {
  const asked = { pixels, class: 0, options: { patch: 2, stride: 2 }, watching: {} };
  const { height, width, values } = await occlusion(subject, asked);
  expect([height, width]).toEqual([4, 4]);
  expect([...values.entries()].filter(([, value]) => value > 0).map(([place]) => place)).toEqual([1 * 4 + 2]);
});

test('where the class gains, there is no heat', async () => {
  const dark = new Uint8Array(64);
  const asked = { pixels: dark, class: 0, options: {}, watching: {} };
  const { values } = await occlusion(subject, asked);
  expect(values.every((value) => value === 0)).toBe(true);
});
