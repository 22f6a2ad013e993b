import { expect, test } from 'vitest';
import type { ExplainMethod, Faithfulness } from '#contract/explain.ts';
import { explainMethod } from '#contract/explain.ts';
import heat from '#strings/en/heat.json' with { type: 'json' };
import chinese from '#strings/zh/heat.json' with { type: 'json' };
import { foundClasses } from '#ui/found-classes.ts';
import {
  curveAt,
  faithfulSentence,
  optionFields,
  outsideSentence,
  sanitySentence,
} from '#features/look/heat/heat-words.ts';
import { endsAtLayer, layerSentence, methods } from '#state/heat-methods.ts';
import { otherModels } from '#features/look/heat/other-models.ts';

/** The key and the values, so that a sentence can be seen without its words. */
const words = {
  language: 'en' as const,
  t: (key: string, values?: Record<string, string | number>) => [key, ...Object.values(values ?? {})].join(' '),
};

test('every method can be chosen, has a name and a line in both languages', () => {
  expect([...methods].sort()).toEqual([...explainMethod.options].sort());
  for (const { method } of [heat, chinese]) {
    expect(Object.keys(method.names).sort()).toEqual([...methods].sort());
    expect(Object.keys(method.lines).sort()).toEqual([...methods].sort());
  }
});

test('every setting of a method has a name, and its usual value is within its range', () => {
  for (const method of methods) {
    for (const { name, usual, low, high } of optionFields(method, 224)) {
      expect(heat.options.names).toHaveProperty(name);
      expect(usual).toBeGreaterThanOrEqual(low);
      expect(usual).toBeLessThanOrEqual(high);
    }
  }
  expect(optionFields('occlusion', 224).map(({ usual }) => usual)).toEqual([28, 14]);
  expect(optionFields('occlusion', 4).map(({ usual }) => usual)).toEqual([1, 1]);
});

test('methods that end at the pixels say that they need no layer', () => {
  const atPixels = methods.filter((method: ExplainMethod) => !endsAtLayer(method));
  expect(atPixels).toEqual(['gradients', 'smooth-grad', 'integrated-gradients', 'occlusion']);
  expect(layerSentence(words, { layer: null, method: 'occlusion' })).toBe('heat.layer.none');
  const layer = { name: 'relu', kind: 'ReLU', height: 7, width: 7, reason: 'asked-for' as const };
  expect(layerSentence(words, { layer, method: 'grad-cam' })).toBe('heat.layer.reasons.asked-for relu 7 7');
});

test('a curve is read between its points', () => {
  const curve = [
    [0, 1],
    [0.5, 0.5],
    [1, 0.4],
  ] as const;
  expect([0, 0.25, 0.5, 0.75, 1].map((x) => curveAt(curve, x))).toEqual([1, 0.75, 0.5, expect.closeTo(0.45), 0.4]);
  expect(curveAt([], 0.5)).toBeNaN();
});

const faithful = (areas: [number, number]): Faithfulness => ({
  deletion: [
    [0, 0.92],
    [0.1, 0.31],
    [1, 0],
  ],
  insertion: [
    [0, 0],
    [1, 0.92],
  ],
  deletionArea: areas[0],
  insertionArea: areas[1],
  random: {
    deletion: [
      [0, 0.92],
      [0.1, 0.88],
      [1, 0],
    ],
    insertion: [
      [0, 0],
      [1, 0.92],
    ],
    deletionArea: 0.5,
    insertionArea: 0.5,
  },
});

test.each<[string, [number, number]]>([
  ['both', [0.2, 0.8]],
  ['one', [0.2, 0.4]],
  ['one', [0.7, 0.8]],
  ['none', [0.7, 0.4]],
])('the curves say "%s" for areas %j, and what a tenth of the pixels does', (verdict, areas) => {
  expect(faithfulSentence(words, faithful(areas))).toBe(
    `heat.faithful.removing 10 % 92 % 31 % 88 % heat.faithful.verdicts.${verdict}`,
  );
});

test('a check says where the correlation ends', () => {
  const plane = { height: 1, width: 1, values: '' };
  const cascade = [
    { layer: 'b', correlation: 0.9, map: plane },
    { layer: 'a', correlation: 0.123, map: plane },
  ];
  expect(sanitySentence(words, { cascade, sensitive: true })).toBe('heat.sanity.sensitive 0.12 0.90 2');
  expect(sanitySentence(words, { cascade, sensitive: false })).toContain('heat.sanity.insensitive');
});

test('images with more than half of their heat outside are counted', () => {
  const rows = [0.9, 0.5, 0.51, 0.1].map((outside) => ({ outside }));
  expect(outsideSentence(words, { rows, count: 4 } as never)).toBe('heat.classes.outside 2 4 50 %');
});

test('classes are found by what is typed, beginnings first, then by probability', () => {
  const labels = ['tabby', 'tiger cat', 'cat', 'dog', 'catamaran'];
  const found = (query: string, probabilities?: number[]) =>
    foundClasses(labels, probabilities, query).shown.map(({ label }) => label);
  expect(found('')).toEqual(labels);
  expect(found('', [0.1, 0.5, 0.2, 0, 0.9])).toEqual(['catamaran', 'tiger cat', 'cat', 'tabby', 'dog']);
  expect(found('Cat', [0, 0.9, 0.1, 0, 0])).toEqual(['cat', 'catamaran', 'tiger cat']);
  expect(found('horse')).toEqual([]);
  const many = Array.from({ length: 1000 }, (_, at) => `class ${at}`);
  expect(foundClasses(many, undefined, '')).toMatchObject({ more: 940 });
});

test('a model is compared with those that take such pictures; a run also with its own moments', () => {
  const model = (ref: string, channels: number, classes: number, more: object = {}) =>
    ({ ref, kind: 'zoo', name: ref, channels, classes, revision: 'r', ...more }) as never;
  const run = { kind: 'run', epochs: [1, 2] };
  const all = [model('resnet50', 3, 1000), model('r1', 1, 10, run), model('r2', 1, 2, run), model('r3', 1, 10, run)];
  const inWords = { best: 'best', epoch: (epoch: number) => `epoch ${epoch}` };
  const refs = otherModels(all, all[1] as never, inWords).map(({ ref }) => ref);
  expect(refs).toEqual(['r3', 'r2', 'r1@best', 'r1@1', 'r1@2']);
  expect(otherModels(all, all[0] as never, inWords)).toEqual([]);
});
