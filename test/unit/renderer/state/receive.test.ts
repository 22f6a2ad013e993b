import { expect, test } from 'vitest';
import type { DataSetSummary } from '#contract/data.ts';
import type { App } from '#state/app.svelte.ts';
import { fetchFamous, stemOf } from '#state/receive.ts';

test.each([
  { path: '/tmp/a/letters-images-idx3-ubyte.gz', want: 'letters' },
  { path: '/tmp/a/emnist-letters-train-images-idx3-ubyte', want: 'emnist-letters' },
  { path: 'C:\\drop\\signs_labels.idx1-ubyte', want: 'signs' },
  { path: '/tmp/a/t10k-labels-idx1-ubyte', want: undefined },
  { path: '/tmp/a/train-images.idx3-ubyte', want: undefined },
])('$path is named $want', ({ path, want }) => {
  expect(stemOf(path)).toBe(want);
});

test('a famous set that has come is told, taken in hand, and can be taken back', async () => {
  const made = { id: 'fashion-mnist', name: 'Fashion-MNIST' } as DataSetSummary;
  const told: string[] = [];
  const navigation = { dataset: 'mnist' };
  const app = {
    t: (key: string) => key,
    attempt: (work: () => Promise<unknown>) => work(),
    navigation,
    datasets: { all: [] },
    draft: { form: { tuning: undefined } },
    imports: {
      download: ({ name }: { name: string }) => Promise.resolve(void told.push(`get ${name}`)).then(() => made),
    },
    news: {
      after: async (name: string, command: string, work: () => Promise<unknown>, done: string) => {
        const got = await work();
        told.push(`${done} ${name} ${command}`);
        return got;
      },
    },
    toasts: { undoable: (text: string) => told.push(`undo ${text}`) },
  } as unknown as App;
  await fetchFamous(app, { id: 'fashion-mnist', name: 'Fashion-MNIST' });
  expect(told).toEqual(['get Fashion-MNIST', 'data.import.done Fashion-MNIST go.data', 'undo data.import.done']);
  expect(navigation.dataset).toBe('fashion-mnist');
});
