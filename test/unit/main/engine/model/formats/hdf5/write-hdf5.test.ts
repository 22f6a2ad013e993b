import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as h5wasm from 'h5wasm/node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeHdf5 } from '#engine/model/formats/hdf5/write-hdf5.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'heatlens-hdf5-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('texts, lists, values and whole numbers are where they were asked to be', async () => {
  const file = path.join(folder, 'a.h5');
  const names = Array.from({ length: 2000 }, (_, place) => `layer_${place}`);
  const long = 'x'.repeat(200_000);
  await writeHdf5(file, [
    { kind: 'attribute', path: '', name: 'config', value: long },
    { kind: 'group', path: 'a/b' },
    { kind: 'attribute', path: 'a', name: 'names', value: names },
    { kind: 'attribute', path: 'a', name: 'none', value: [] },
    { kind: 'values', path: 'a/b/kernel', shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) },
    { kind: 'values', path: 'rate', shape: [], values: Float32Array.of(0.5) },
    { kind: 'whole', path: 'step', value: 2 ** 40 },
  ]);
  await h5wasm.ready;
  const read = new h5wasm.File(file, 'r');
  try {
    expect(read.attrs['config']?.value).toBe(long);
    const group = read.get('a') as h5wasm.Group;
    expect(group.attrs['names']?.value).toEqual(names);
    expect(group.attrs['none']?.shape).toEqual([0]);
    const kernel = read.get('a/b/kernel') as h5wasm.Dataset;
    expect(kernel.shape).toEqual([2, 3]);
    expect([...(kernel.value as Float32Array)]).toEqual([1, 2, 3, 4, 5, 6]);
    expect((read.get('rate') as h5wasm.Dataset).value).toBe(0.5);
    expect((read.get('step') as h5wasm.Dataset).value).toBe(2n ** 40n);
  } finally {
    read.close();
  }
});

test('the caller keeps its values, more than go at once arrive whole', async () => {
  const values = Float32Array.from({ length: 9 * 2 ** 20 }, (_, place) => place);
  const file = path.join(folder, 'large.h5');
  await writeHdf5(file, [
    { kind: 'values', path: 'one', shape: [values.length], values },
    { kind: 'values', path: 'two', shape: [values.length], values },
  ]);
  expect(values).toHaveLength(9 * 2 ** 20);
  await h5wasm.ready;
  const read = new h5wasm.File(file, 'r');
  try {
    expect((read.get('two') as h5wasm.Dataset).slice([[values.length - 2, values.length]])).toEqual(values.slice(-2));
  } finally {
    read.close();
  }
});

test('a place that cannot be written to is said', async () => {
  const file = path.join(folder, 'missing', 'a.h5');
  await expect(writeHdf5(file, [])).rejects.toMatchObject({ code: 'file/not-writable' });
});

test('an abort ends it', async () => {
  const stop = new AbortController();
  const steps = function* () {
    for (let place = 0; ; place++) {
      if (place === 3) stop.abort(new Error('stopped'));
      yield { kind: 'values' as const, path: `v${place}`, shape: [8 * 2 ** 20], values: new Float32Array(8 * 2 ** 20) };
    }
  };
  await expect(writeHdf5(path.join(folder, 'a.h5'), steps(), stop.signal)).rejects.toThrow('stopped');
});
