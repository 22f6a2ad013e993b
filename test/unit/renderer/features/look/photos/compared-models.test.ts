import { expect, test } from 'vitest';
import type { PicturePrediction } from '#contract/prediction.ts';
import { agreedLabels, comparedData } from '#features/look/photos/compared-models.ts';

const answered = (model: string, ...labels: string[]) => ({
  model,
  answer: {
    top: labels.map((label, index) => ({ index, label, probability: 1 / (index + 2) })),
    milliseconds: { whole: 9, network: 7 },
  } as PicturePrediction,
  failure: null,
});
const silent = { model: 'c', answer: null, failure: null };

test.each([
  { answers: [answered('a', 'cat', 'dog', 'cup')], top: 3, want: [] },
  { answers: [answered('a', 'cat', 'dog'), answered('b', 'dog', 'cup')], top: 2, want: ['dog'] },
  { answers: [answered('a', 'cat', 'dog'), answered('b', 'dog', 'cup')], top: 1, want: [] },
  { answers: [answered('a', 'cat', 'dog'), answered('b', 'dog', 'cat'), silent], top: 2, want: ['cat', 'dog'] },
])('named by all among the first $top: $want', ({ answers, top, want }) => {
  expect([...agreedLabels(answers, top)]).toEqual(want);
});

test('a line for each class of each model that answered', () => {
  const { rows } = comparedData([answered('a', 'cat', 'dog'), silent], (ref) => `model ${ref}`, 1);
  expect(rows).toEqual([['model a', 1, 0, '', 'cat', 0.5, 7]]);
});
