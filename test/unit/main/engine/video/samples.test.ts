import { statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { filmSamples } from '#engine/video/samples.ts';

test('films to try are there, and small', () => {
  expect(filmSamples().map(({ id }) => id)).toEqual(['cat-and-astronaut']);
  for (const { path } of filmSamples()) expect(statSync(path).size).toBeLessThan(300_000);
});
