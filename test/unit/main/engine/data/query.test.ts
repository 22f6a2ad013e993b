import { describe, expect, test, vi } from 'vitest';
import { imageQuery, type ImageQueryInput } from '#contract/data.ts';
import { AppError } from '#contract/failures.ts';
import type { FindPredictions, Predictions } from '#engine/data/data-set.ts';
import { ImageQueries } from '#engine/data/query.ts';
import { smallDataSet } from '#test/support/small-data-set.ts';

// True classes 0 1 2 0 1; predicted 0 1 1 2 1.
const dataSet = smallDataSet({ splits: { train: { labels: [0, 1, 2, 0, 1] }, test: { labels: [1, 1] } } });
const rows = [
  [0.8, 0.1, 0.1],
  [0.1, 0.6, 0.3],
  [0.0, 0.9, 0.1],
  [0.0, 0.0, 1.0],
  [0.2, 0.7, 0.1],
];
const predictions: Predictions = {
  revision: 'one',
  predicted: Uint16Array.of(0, 1, 1, 2, 1),
  probabilities: Float32Array.from(rows.flat()),
  classes: 3,
};

function queries(findPredictions: FindPredictions = () => Promise.resolve(predictions)) {
  const get = (id: string) => {
    if (id === 'small') return Promise.resolve(dataSet);
    return Promise.reject(new AppError('data/unknown-set', 'none', {}));
  };
  return new ImageQueries({ get }, findPredictions);
}

const ask = (query: Partial<ImageQueryInput>) => imageQuery.parse({ dataset: 'small', split: 'train', ...query });
const indices = async (query: Partial<ImageQueryInput>, room = queries()) => [...(await room.find(ask(query))).indices];

test.each<[string, Partial<ImageQueryInput>, number[]]>([
  ['everything', {}, [0, 1, 2, 3, 4]],
  ['a class', { classes: [1] }, [1, 4]],
  ['two classes', { classes: [2, 0] }, [0, 2, 3]],
  ['no class', { classes: [] }, []],
  ['a class that is not there', { classes: [7] }, []],
  ['another split', { split: 'test' }, [0, 1]],
  ['a split that the set lacks', { split: 'validation' }, []],
  ['a run, without asking of its predictions', { run: 'r' }, [0, 1, 2, 3, 4]],
  ['right ones', { run: 'r', correctness: 'right' }, [0, 1, 4]],
  ['wrong ones', { run: 'r', correctness: 'wrong' }, [2, 3]],
  ['a predicted class', { run: 'r', predicted: 1 }, [1, 2, 4]],
  ['a cell of the confusion matrix', { run: 'r', classes: [2], predicted: 1 }, [2]],
  ['highest loss first', { run: 'r', order: 'loss' }, [3, 2, 1, 4, 0]],
  ['most confident first', { run: 'r', order: 'confidence' }, [3, 2, 0, 4, 1]],
  ['wrong ones of a class by loss', { run: 'r', correctness: 'wrong', classes: [0, 2], order: 'loss' }, [3, 2]],
])('%s', async (_, query, expected) => expect(await indices(query)).toEqual(expected));

test.each([
  { text: 'CAT', want: [0, 2] },
  { text: 'cats/a', want: [0] },
  { text: 'caf\u0065\u0301', want: [3] },
  { text: '', want: [0, 1, 2, 3, 4] },
])('files with "$text" in their name', async ({ text, want }) => {
  const names = ['cats/a.jpg', 'dogs/a.jpg', 'dogs/Cat.jpg', 'café.png', 'e.png'];
  const named = smallDataSet({ splits: { train: { labels: [0, 1, 2, 0, 1] } } });
  const source = named.source('train');
  Object.assign(source ?? {}, { files: (index: number) => names[index] });
  const room = new ImageQueries({ get: () => Promise.resolve(named) }, () => Promise.resolve(null));
  expect(await indices({ text }, room)).toEqual(want);
  expect((await room.page(ask({ text: 'dogs/a' }), 0, 1))[0]).toMatchObject({ index: 1, file: 'dogs/a.jpg' });
});

test('a run whose report covers some images reaches only those', async () => {
  const some: Predictions = { ...predictions, indices: Uint32Array.of(4, 0), predicted: Uint16Array.of(1, 2) };
  const room = queries(() => Promise.resolve(some));
  expect(await indices({ run: 'r', correctness: 'wrong' }, room)).toEqual([0]);
  expect(await indices({ run: 'r', predicted: 1 }, room)).toEqual([4]);
  const [first, second] = await room.page(ask({ run: 'r' }), 0, 2);
  expect(first).toMatchObject({ index: 0, predicted: 2 });
  expect(second).toEqual({ index: 1, split: 'train', label: 1 });
});

test('images that a run held out are found in the training split, where they lie', async () => {
  const heldOut: Predictions = { ...predictions, indices: Uint32Array.of(4, 3), predicted: Uint16Array.of(1, 2) };
  const room = queries(() => Promise.resolve(heldOut));
  expect(await indices({ run: 'r', split: 'validation' }, room)).toEqual([3, 4]);
  expect(await indices({ run: 'r', split: 'validation', correctness: 'wrong' }, room)).toEqual([3]);
  const [first] = await room.page(ask({ run: 'r', split: 'validation' }), 0, 1);
  expect(first).toMatchObject({ index: 3, split: 'train', label: 0, predicted: 2 });
});

test('a run without predictions yet finds nothing where they are asked of', async () => {
  const room = queries(() => Promise.resolve(null));
  expect(await indices({ run: 'r', correctness: 'right' }, room)).toEqual([]);
  expect(await indices({ run: 'r' }, room)).toHaveLength(5);
});

describe('refuses', () => {
  test.each<Partial<ImageQueryInput>>([{ correctness: 'right' }, { predicted: 1 }, { order: 'loss' }])(
    '%o without a run',
    async (query) => expect(indices(query)).rejects.toMatchObject({ code: 'call/invalid', details: { field: 'run' } }),
  );
  test('a set that is not there', async () =>
    expect(indices({ dataset: 'other' })).rejects.toMatchObject({ code: 'data/unknown-set' }));
  test('a run that is not there', async () => {
    const room = queries(() => Promise.reject(new AppError('run/unknown', 'none', {})));
    await expect(indices({ run: 'r' }, room)).rejects.toMatchObject({ code: 'run/unknown' });
  });
});

test('items carry what the run thinks of them', async () => {
  const [item] = await queries().page(ask({ run: 'r', order: 'loss' }), 1, 1);
  expect(item).toMatchObject({ index: 2, split: 'train', label: 2, predicted: 1 });
  expect(item?.probability).toBeCloseTo(0.9, 6);
  expect(item?.trueProbability).toBeCloseTo(0.1, 6);
  expect(item?.loss).toBeCloseTo(-Math.log(0.1), 6);
});

test('a loss is finite where the true class got 0', async () => {
  const [item] = await queries().page(ask({ run: 'r', order: 'loss' }), 0, 1);
  expect(item?.loss).toBeCloseTo(-Math.log(1e-7), 6);
});

test('pages end where the images do', async () => {
  const room = queries();
  expect(await room.page(ask({}), 3, 10)).toHaveLength(2);
  expect(await room.page(ask({}), 5, 10)).toEqual([]);
});

test('an answer is kept until the predictions change', async () => {
  const find = vi.fn<FindPredictions>(() => Promise.resolve(predictions));
  const room = queries(find);
  const first = await room.find(ask({ run: 'r', classes: [1, 0] }));
  expect(await room.find(ask({ classes: [0, 1], run: 'r' }))).toBe(first);
  find.mockResolvedValue({ ...predictions, revision: 'two' });
  expect(await room.find(ask({ run: 'r', classes: [1, 0] }))).not.toBe(first);
});
