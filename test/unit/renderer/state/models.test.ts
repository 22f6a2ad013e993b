import { expect, test } from 'vitest';
import type { KnownModel } from '#contract/models.ts';
import type { Link } from '#page-link/index.ts';
import { Models } from '#state/models.svelte.ts';

const model = (ref: string, channels: number) => ({ ref, name: ref, channels, revision: 'v1' }) as KnownModel;

function fakeEngine(all: KnownModel[]) {
  const asked: string[] = [];
  const models = {
    list: () => Promise.resolve(all),
    classes: ({ model }: { model: string }) => {
      asked.push(model);
      return asked.length === 1 && model === 'fails'
        ? Promise.reject(new Error('lost'))
        : Promise.resolve([{ label: model }]);
    },
  };
  return { link: { engine: { models, zoo: { list: () => Promise.resolve([]) } } } as unknown as Link, asked };
}

test.each([
  { refs: [model('run', 1), model('efficientnet-lite0', 3)], want: 'efficientnet-lite0' },
  { refs: [model('digits', 1), model('pets', 3)], want: 'pets' },
  { refs: [model('digits', 1)], want: 'digits' },
  { refs: [], want: undefined },
])('for photos, of $refs: $want', async ({ refs, want }) => {
  const models = new Models(fakeEngine(refs).link);
  await models.refresh();
  expect(models.usual?.ref).toBe(want);
});

test('a run after an epoch is found by its run, and is not the same model', async () => {
  const models = new Models(fakeEngine([model('run', 3)]).link);
  await models.refresh();
  expect(models.find('run@3')).toMatchObject({ ref: 'run@3', name: 'run' });
  expect(models.find('run@3')?.revision).not.toBe(models.find('run')?.revision);
  expect(models.find('other')).toBeUndefined();
  expect(models.find(null)).toBeUndefined();
});

test('classes are asked for once, and again after a failure', async () => {
  const { link, asked } = fakeEngine([]);
  const models = new Models(link);
  await expect(models.classes(model('fails', 3))).rejects.toThrow();
  expect(await models.classes(model('fails', 3))).toEqual([{ label: 'fails' }]);
  await models.classes(model('fails', 3));
  expect(asked).toEqual(['fails', 'fails']);
});
