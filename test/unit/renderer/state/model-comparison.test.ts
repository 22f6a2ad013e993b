import { expect, test } from 'vitest';
import { AppError } from '#contract/failures.ts';
import type { Link } from '#page-link/index.ts';
import { ModelComparison } from '#state/model-comparison.svelte.ts';

const picture = ({ model }: { model: string }) =>
  model === 'grey'
    ? Promise.reject(new AppError('model/wrong-input', 'It takes grey ones.', { expected: '1', received: '3' }))
    : Promise.resolve({ model, top: [] });
const link = { engine: { prediction: { picture } } } as unknown as Link;

test('each model answers or says why not, in the order in which they were chosen', async () => {
  const comparison = new ModelComparison(link);
  comparison.choose(['b', 'grey', 'a', 'b']);
  await comparison.ask({ photo: 'p' }, {});
  expect(comparison.answers.map(({ model, answer, failure }) => [model, answer?.model, failure?.code])).toEqual([
    ['b', 'b', undefined],
    ['grey', undefined, 'model/wrong-input'],
    ['a', 'a', undefined],
  ]);
});

test('at most four stand beside one another', () => {
  const comparison = new ModelComparison(link);
  comparison.choose(['a', 'b', 'c', 'd', 'e']);
  expect(comparison.models).toEqual(['a', 'b', 'c', 'd']);
});
