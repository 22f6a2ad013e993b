import { readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AppError } from '#contract/failures.ts';
import { readSafetensors, writeSafetensors } from '#engine/model/safetensors.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const tensors = [
  { name: 'dense/kernel', shape: [2, 3], values: Float32Array.of(1, -2, 3.5, 0, 1e-30, 3e38) },
  { name: 'dense/bias', shape: [3], values: Float32Array.of(0.1, 0.2, 0.3) },
];
const shapes = tensors.map(({ name, shape }) => ({ name, shape }));

async function written() {
  const file = join(await temporaryFolder(), 'last.safetensors');
  return { file, hash: await writeSafetensors(file, tensors) };
}

test('values come back exactly, in the order asked for', async () => {
  const { file } = await written();
  expect(await readSafetensors(file, 'run', shapes)).toEqual(tensors);
  expect(await readSafetensors(file, 'run', [...shapes].reverse())).toEqual([...tensors].reverse());
});

test('the file is what the format says: length, JSON, values from a multiple of 8', async () => {
  const { file, hash } = await written();
  const content = await readFile(file);
  const length = Number(content.readBigUInt64LE(0));
  expect(length % 8).toBe(0);
  expect(JSON.parse(content.subarray(8, 8 + length).toString())).toEqual({
    __metadata__: { sha256: hash, format: 'heatlens', header: expect.stringMatching(/^[0-9a-f]{64}$/) },
    'dense/kernel': { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
    'dense/bias': { dtype: 'F32', shape: [3], data_offsets: [24, 36] },
  });
  expect(content.length).toBe(8 + length + 36);
  expect(content.readFloatLE(8 + length + 8)).toBe(3.5);
});

test('the same values have the same hash, others another', async () => {
  const { file, hash } = await written();
  expect(await writeSafetensors(file, tensors)).toBe(hash);
  const [kernel, bias] = tensors;
  const changed = { ...bias!, values: Float32Array.of(0.1, 0.2, 0.4) };
  expect(await writeSafetensors(file, [kernel!, changed])).not.toBe(hash);
});

/** Rewrites the header of a file; unless it is to be kept, without the header's own checksum, as in the first versions. */
async function reheaded(file: string, change: (header: string) => string, checksum = false) {
  const content = await readFile(file);
  const length = Number(content.readBigUInt64LE(0));
  const text = content.subarray(8, 8 + length).toString();
  const header = Buffer.from(change(checksum ? text : text.replace(/,"header":"[0-9a-f]+"/, '')));
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(BigInt(header.length));
  await writeFile(file, Buffer.concat([start, header, content.subarray(8 + length)]));
}

test.each<[string, (file: string) => Promise<unknown>, RegExp]>([
  ['cut short', async (file) => truncate(file, (await stat(file)).size - 4), /32 bytes of values, expected 36/],
  ['cut to nothing', (file) => truncate(file, 3), /3 bytes, expected about 36/],
  ['far too large', (file) => truncate(file, 100 * 2 ** 20), /bytes, expected about 36/],
  [
    'with one bit turned',
    async (file) => {
      const content = await readFile(file);
      content[content.length - 1]! ^= 1;
      await writeFile(file, content);
    },
    /checksum does not match/,
  ],
  [
    'with a header longer than itself',
    async (file) => {
      const content = await readFile(file);
      content.writeBigUInt64LE(2n ** 60n);
      await writeFile(file, content);
    },
    /header is longer than the file/,
  ],
  ['with a header that is no JSON', (file) => reheaded(file, (text) => text.replace('{', '[')), /not the JSON/],
  ['with another shape', (file) => reheaded(file, (text) => text.replace('[2,3]', '[3,2]')), /3×2, expected 2×3/],
  [
    'of another type',
    (file) => reheaded(file, (text) => text.replace('F32', 'F16')),
    /no float32 tensor dense\/kernel/,
  ],
  ['with other names', (file) => reheaded(file, (text) => text.replace('dense/bias', 'dense/beta')), /dense\/bias/],
  [
    'whose header was changed',
    (file) => reheaded(file, (text) => text.replace('heatlens', 'heatlense'), true),
    /checksum of its header/,
  ],
  ['pointing outside', (file) => reheaded(file, (text) => text.replace('[24,36]', '[96,108]')), /dense\/bias/],
])('a file %s is torn, and says why', async (_, damage, reason) => {
  const { file } = await written();
  await damage(file);
  await expect(readSafetensors(file, 'run', shapes)).rejects.toMatchObject({
    code: 'run/torn',
    details: { run: 'run', file, reason: expect.stringMatching(reason) },
  });
});

test('a file of the first versions, without a checksum of its header, is read', async () => {
  const { file } = await written();
  await reheaded(file, (text) => text);
  expect(await readSafetensors(file, 'run', shapes)).toEqual(tensors);
});

test('a file that is not there means a run without weights', async () => {
  const file = join(await temporaryFolder(), 'last.safetensors');
  await expect(readSafetensors(file, 'run', shapes)).rejects.toMatchObject({ code: 'run/no-weights' });
});

test('however short it is cut, a file is torn', async () => {
  const { file } = await written();
  const whole = await readFile(file);
  for (let size = 0; size < whole.length; size++) {
    await writeFile(file, whole.subarray(0, size));
    await expect(readSafetensors(file, 'run', shapes), `${size} bytes`).rejects.toMatchObject({ code: 'run/torn' });
  }
});

test('whichever bit is turned, a file is torn or means the same', async () => {
  const { file } = await written();
  const whole = await readFile(file);
  const valuesFrom = 8 + Number(whole.readBigUInt64LE(0));
  for (let bit = 0; bit < whole.length * 8; bit++) {
    const content = Buffer.from(whole);
    content[bit >> 3]! ^= 1 << (bit & 7);
    await writeFile(file, content);
    const read = await readSafetensors(file, 'run', shapes).catch((thrown: unknown) => thrown);
    if (!(read instanceof AppError)) expect(read, `bit ${bit}`).toEqual(tensors);
    else expect(read.code).toBe('run/torn');
    if (bit >> 3 >= valuesFrom) expect(read).toBeInstanceOf(AppError);
  }
}, 30_000);

test.each([
  ['overlap', '[0,24]', '[12,36]'],
  ['lie in each other', '[24,36]', '[0,12]'],
])('tensors that %s are refused, though each fits', async (_, from, to) => {
  const { file } = await written();
  await reheaded(file, (text) => text.replace(from, to));
  await expect(readSafetensors(file, 'run', shapes)).rejects.toMatchObject({ code: 'run/torn' });
});

test('a header of many megabytes is not read', async () => {
  const { file } = await written();
  await reheaded(file, (text) => text.padEnd(17 * 2 ** 20));
  await expect(readSafetensors(file, 'run', shapes)).rejects.toMatchObject({
    code: 'run/torn',
    details: { reason: expect.stringMatching(/bytes, expected about 36/) },
  });
});
