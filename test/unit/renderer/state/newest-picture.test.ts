import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NewestPicture } from '#state/newest-picture.svelte.ts';

const revoked: string[] = [];
const rest = () => new Promise((settle) => setTimeout(settle));

beforeEach(() => {
  revoked.length = 0;
  vi.stubGlobal('URL', { revokeObjectURL: (url: string) => revoked.push(url) });
});
afterEach(() => vi.unstubAllGlobals());

test('one is fetched at a time, the last counts, one that is gone is passed over', async () => {
  const coming: { url: string; settle: (address: string) => void; fail: (thrown: Error) => void }[] = [];
  const newest = new NewestPicture((url) => new Promise((settle, fail) => coming.push({ url, settle, fail })));
  for (const url of ['1', '2', '3']) newest.follow(url);
  expect(coming.map(({ url }) => url)).toEqual(['1']);
  coming[0]!.settle('blob:1');
  await rest();
  expect([newest.shown, coming.length, coming[1]?.url]).toEqual(['blob:1', 2, '3']);
  coming[1]!.fail(new Error('404'));
  await rest();
  expect(newest.shown).toBe('blob:1');
  newest.follow('4');
  coming[2]!.settle('blob:4');
  await rest();
  expect([newest.shown, revoked]).toEqual(['blob:4', ['blob:1']]);
  newest.follow('5');
  newest.close();
  coming[3]!.settle('blob:5');
  await rest();
  expect([newest.shown, revoked]).toEqual([null, ['blob:1', 'blob:4', 'blob:5']]);
});
