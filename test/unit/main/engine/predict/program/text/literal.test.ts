import { expect, test } from 'vitest';
import { call, identifier, literal, real, text } from '#engine/predict/program/text/literal.ts';

test.each([
  ['plain', '"plain"'],
  ['it\'s "quoted"', String.raw`"it's \"quoted\""`],
  ['C:\\new\\table', String.raw`"C:\\new\\table"`],
  ['two\nlines\r\u0000', String.raw`"two\nlines\r\u0000"`],
  ['"""\nimport os', String.raw`"\"\"\"\nimport os"`],
  ['猫 é 🐈', '"猫 é 🐈"'],
  ['right\u202eleft\u2028', String.raw`"right\u202eleft\u2028"`],
  ['\ud800', String.raw`"\ud800"`],
  ['{name} %s \\N{DASH}', String.raw`"{name} %s \\N{DASH}"`],
])('%j is one string on one line', (given, written) => {
  expect(text(given)).toBe(written);
});

test.each<[Parameters<typeof literal>[0], string]>([
  [null, 'None'],
  [true, 'True'],
  [3, '3'],
  [0.1, '0.1'],
  [1e-7, '1e-7'],
  [[1], '(1,)'],
  [[[1, 2], 'a'], '((1, 2), "a")'],
])('%j as a value', (given, written) => {
  expect(literal(given)).toBe(written);
});

test('whole numbers that Keras wants as floats have a point', () => {
  expect([1, -2, 1e21, 0.5, Infinity].map(real)).toEqual(['1.0', '-2.0', '1e+21', '0.5', 'float("inf")']);
});

test('calls stand on a line, or an argument a line', () => {
  expect(call('f', ['1', '2'])).toBe('f(1, 2)');
  expect(call('f', ['a'.repeat(60), 'b'.repeat(60)], 4, '(x)')).toBe(
    `f(\n        ${'a'.repeat(60)},\n        ${'b'.repeat(60)},\n    )(x)`,
  );
});

test('names become variables, each another, none a word of Python', () => {
  const taken = new Set<string>();
  const names = ['conv.1', 'conv-1', '3x3', 'class', 'layers', 'lambda'];
  expect(names.map((name) => identifier(name, taken))).toEqual([
    ...['conv_1', 'conv_1_2', 'layer_3x3', 'class_', 'layers_', 'lambda_'],
  ]);
});
