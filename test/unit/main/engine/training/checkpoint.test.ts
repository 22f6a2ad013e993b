import { findPreset } from '#engine/model/presets.ts';
import { expect, test } from 'vitest';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  networkFingerprint,
  NewerCheckpoint,
  placeOf,
} from '#engine/training/checkpoint.ts';
import { Damaged, encodeSafetensors } from '#engine/model/safetensors.ts';
import { checkpointAfter } from '#test/support/checkpoints.ts';

const encoded = async (metadata: Record<string, string>) =>
  Buffer.concat((await encodeSafetensors([], metadata)).pieces);
const images = { height: 8, width: 8, channels: 1, classes: 3 };

test('facts and arrays come back to the bit, numbers of every size among them', async () => {
  const { facts, state } = checkpointAfter(6, 4);
  const numbers = [0.1 + 0.2, 5e-324, 1.7976931348623157e308, -0.1 / 3];
  const sums = { ...facts.place.sums, loss: numbers[0]!, statistics: [numbers] };
  const arrays = [{ name: 'w/velocity', shape: [3], values: Float32Array.of(1e-45, -0, 3.4e38) }, ...state];
  const given = { facts: { ...facts, place: { ...facts.place, sums } }, state: arrays };
  expect(await decodeCheckpoint(Buffer.concat(await encodeCheckpoint(given)))).toEqual(given);
});

test.each([
  ['a file of weights', await encoded({})],
  ['nothing', Buffer.alloc(0)],
  ['facts of another kind', await encoded({ checkpoint: '{"version":1,"step":2}' })],
])('%s is no checkpoint', async (_, content) => {
  await expect(decodeCheckpoint(content)).rejects.toThrow(Damaged);
});

test('one of a newer program is known as such', async () => {
  const newer = await encoded({ checkpoint: '{"version":2}' });
  await expect(decodeCheckpoint(newer)).rejects.toThrow(NewerCheckpoint);
});

test.each([
  [4, { epoch: 1, batch: 4 }],
  [6, { epoch: 2, batch: 2 }],
  [0, { epoch: 1, batch: 0 }],
])('after %i steps of four to an epoch', (step, place) => {
  expect(placeOf(checkpointAfter(step).facts)).toMatchObject({ step, ...place });
});

test('networks are told apart by what their weights mean', () => {
  const one = networkFingerprint(findPreset('tutorial-mlp-16'), images);
  expect(networkFingerprint(findPreset('tutorial-mlp-16'), images)).toBe(one);
  const others = [
    networkFingerprint(findPreset('tutorial-mlp-64'), images),
    networkFingerprint(findPreset('tutorial-mlp-raw'), images),
    networkFingerprint(findPreset('tutorial-mlp-16'), { ...images, classes: 4 }),
    networkFingerprint(findPreset('tutorial-mlp-16'), { ...images, height: 4, width: 16 }),
  ];
  expect(new Set([one, ...others]).size).toBe(5);
});
