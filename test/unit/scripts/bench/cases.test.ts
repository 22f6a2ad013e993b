import { expect, test } from 'vitest';
import { placeLayers } from '#engine/model/summary.ts';
import { specNamed } from '../../../../main/bench/spec-named.ts';
import { cases, chosenCases } from '../../../../scripts/bench/cases.mjs';
import { sidesOf } from '../../../../scripts/bench/sides.mjs';

test.each(cases)('the case $name is a preset or of the zoo, on images that it takes', ({ preset, images, work }) => {
  const { classes } = images as { classes: number };
  const [given] = placeLayers(specNamed(preset), images as never).at(-1)?.facts.outputShape ?? [];
  // What is fine-tuned has another head.
  if (work === 'fine-tune') expect(given).toBeGreaterThan(0);
  else expect(given).toBe(classes);
});

test('all cases without names, else those named; an unknown name is said', () => {
  expect(chosenCases([])).toBe(cases);
  expect(chosenCases(['n1']).map(({ name }) => name)).toEqual(['n1']);
  const maps = chosenCases(['grad-cam']);
  expect(maps.map(({ batch }) => batch)).toEqual([1, 8, 1, 8]);
  expect(() => chosenCases(['n1', 'n2'])).toThrow(/there is no case n2; there are n1, resnet-18/);
});

test.each([
  ['train', [], ['ours', 'eager', 'stock', 'keras']],
  ['predict', [], ['ours', 'stock', 'keras', 'onnx']],
  ['start', [], ['ours', 'stock', 'keras']],
  ['explain', [], ['ours', 'tape', 'tape-function']],
  ['explain', ['stock'], ['ours']],
  ['train', ['keras'], ['ours', 'keras']],
  ['train', ['onnx'], ['ours']],
])('%s against %j is between %j', (work, against, expected) => {
  expect(sidesOf({ work }, against)).toEqual(expected);
});
