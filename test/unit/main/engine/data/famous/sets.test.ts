import { expect, test } from 'vitest';
import { famousSet } from '#contract/data.ts';
import { famousSets } from '#engine/data/famous/sets.ts';
import { FamousSets } from '#engine/data/famous/famous-sets.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

test('every set of the contract can be fetched', () => {
  expect(famousSets.map(({ id }) => id)).toEqual(famousSet.shape.id.options);
});

test('addresses are of the sets’ own hosts, and every file has its published checksum', () => {
  for (const { places, files, source } of famousSets) {
    expect(new URL(source).protocol).toBe('https:');
    expect(places[0]).toMatch(/^https:.*\/$/);
    for (const { md5, name } of files) {
      expect(md5).toMatch(/^[0-9a-f]{32}$/);
      for (const place of places) expect(new URL(name, place).href).toBe(`${place}${name}`);
    }
  }
});

test('the list says what a download takes, and that nothing is here', async () => {
  const listed = await new FamousSets({ folder: await temporaryFolder() }).list();
  expect(listed.map((set) => famousSet.parse(set))).toEqual(listed);
  expect(listed.map(({ id, bytes, here, partial }) => [id, bytes, here, partial])).toEqual([
    ['fashion-mnist', 30_878_645, false, 0],
    ['cifar10', 170_052_171, false, 0],
    ['cifar100', 168_513_733, false, 0],
  ]);
});
