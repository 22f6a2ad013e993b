import { beforeAll, expect, test } from 'vitest';
import type { Split } from '#contract/data.ts';
import { contentHash } from '#engine/data/content-hash.ts';
import type { DataSet } from '#engine/data/data-set.ts';
import type { MemorySource } from '#engine/data/memory-source.ts';
import { mnistContent, mnistRecord } from '#engine/data/mnist.ts';
import { OpenedSet } from '#engine/data/opened-set.ts';
import { openRecord } from '#engine/data/open-record.ts';
import { summaryOf } from '#engine/data/record.ts';
import { statisticsOf } from '#engine/data/statistics.ts';

let mnist: DataSet;
beforeAll(async () => {
  const record = mnistRecord();
  mnist = new OpenedSet(record, (await openRecord(record, '')).given);
});

test('it is listed without a look at the disk, as it then is', () => {
  const listed = summaryOf(mnistRecord('/nowhere'));
  expect(listed).toMatchObject({
    id: 'mnist',
    splits: { train: 60_000, test: 10_000 },
    height: 28,
    width: 28,
    channels: 1,
  });
  expect(listed.hash).toBe(mnist.summary.hash);
  expect(mnist.source('train')?.count).toBe(60_000);
  expect(mnist.source('test')?.count).toBe(10_000);
});

test('its content is the one whose hash is pinned', async () => {
  const sources = new Map<Split, MemorySource>();
  for (const split of ['train', 'test'] as const) sources.set(split, mnist.source(split) as MemorySource);
  expect(await contentHash(sources)).toBe(mnistContent);
});

test('its figures are those everybody knows: mean 0.1307, deviation 0.3081', async () => {
  const [train, held] = await statisticsOf(mnist);
  expect(train?.mean[0]).toBeCloseTo(0.13066, 5);
  expect(train?.std[0]).toBeCloseTo(0.30811, 5);
  expect(train?.perClass).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
  expect(held?.perClass).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
});

test('its first digits are 5 0 4 1 9, and 7 2 1 0 4 in the test split', () => {
  expect([...(mnist.source('train')?.labels.subarray(0, 5) ?? [])]).toEqual([5, 0, 4, 1, 9]);
  expect([...(mnist.source('test')?.labels.subarray(0, 5) ?? [])]).toEqual([7, 2, 1, 0, 4]);
});
