import { expect, test } from 'vitest';
import { layerFields, layerKinds, newLayer } from '#contract/layer-fields.ts';
import { readField, writeField } from '../../../../../renderer/features/model/field-text.ts';

test.each([
  [{ kind: 'pair' }, '3', [3, 3]],
  [{ kind: 'pair' }, '3, 5', [3, 5]],
  [{ kind: 'pair' }, '3×5', [3, 5]],
  [
    { kind: 'sides' },
    '1',
    [
      [1, 1],
      [1, 1],
    ],
  ],
  [
    { kind: 'sides' },
    '1 2',
    [
      [1, 1],
      [2, 2],
    ],
  ],
  [
    { kind: 'sides' },
    '0, 1, 2, 3',
    [
      [0, 1],
      [2, 3],
    ],
  ],
  [{ kind: 'list', empty: false }, '-1, 4', [-1, 4]],
  [{ kind: 'list', empty: true }, '', []],
  [{ kind: 'whole', least: 1 }, '64', 64],
  [{ kind: 'number', least: 0 }, '1e-3', 0.001],
  [{ kind: 'number', least: 0, optional: true }, ' ', undefined],
] as const)('%j reads “%s”', (shape, text, value) => {
  expect(readField(shape, text)).toEqual({ ok: true, value });
});

test.each([
  [{ kind: 'pair' }, '1, 2, 3'],
  [{ kind: 'pair' }, 'three'],
  [{ kind: 'sides' }, '1, 2, 3'],
  [{ kind: 'list', empty: false }, ''],
  [{ kind: 'whole', least: 1 }, '1.5'],
  [{ kind: 'number', least: 0 }, ''],
  [{ kind: 'number', least: 0 }, '-1'],
] as const)('%j does not read “%s”', (shape, text) => expect(readField(shape, text)).toEqual({ ok: false }));

test.each(layerKinds)('what is written of %s is read as the same', (kind) => {
  const layer = newLayer(kind, 'one') as unknown as Record<string, unknown>;
  for (const { field, shape } of layerFields[kind]) {
    if (shape.kind === 'switch' || shape.kind === 'choice' || layer[field] === 1 / 255) continue;
    expect(readField(shape, writeField(layer[field]))).toEqual({ ok: true, value: layer[field] });
  }
});
