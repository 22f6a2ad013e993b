import { expect, test } from 'vitest';
import type { Link } from '#page-link/index.ts';
import { Looking, pictureKey } from '#state/looking.svelte.ts';

test('a model keeps the ways that were chosen for it, also after an epoch of its', () => {
  const looking = new Looking({} as Link);
  looking.setWays({ ref: 'run' }, { fit: 'pad' });
  expect(looking.waysOf({ ref: 'run@3' })).toEqual({ fit: 'pad' });
  expect(looking.waysOf({ ref: 'other' })).toEqual({});
});

test('what a model said of a photo is remembered, by model', () => {
  const looking = new Looking({} as Link);
  const cat = { index: 1, label: 'cat', probability: 0.9 };
  looking.hear({ ref: 'a' }, 'photo', cat);
  expect(looking.heard({ ref: 'a' }, 'photo')).toBe(cat);
  expect(looking.heard({ ref: 'b' }, 'photo')).toBeUndefined();
});

test('the tree is asked for once, and again after a failure', async () => {
  let asked = 0;
  const tree = () => (++asked === 1 ? Promise.reject(new Error('lost')) : Promise.resolve([]));
  const looking = new Looking({ engine: { prediction: { tree } } } as unknown as Link);
  await expect(looking.tree()).rejects.toThrow('lost');
  await looking.tree();
  await looking.tree();
  expect(asked).toBe(2);
});

test('pictures that are the same have one key', () => {
  expect(pictureKey({ photo: 'a' })).toBe(pictureKey({ photo: 'a' }));
  expect(pictureKey({ photo: 'a' })).not.toBe(pictureKey({ photo: 'b' }));
});
