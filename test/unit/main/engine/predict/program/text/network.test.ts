import { expect, test } from 'vitest';
import { layerSpec, type LayerKind, type LayerSpec } from '#contract/network.ts';
import { layerFields, mergingKinds, newLayer } from '#contract/layer-fields.ts';
import { planOf } from '#engine/model/formats/keras/writing/plan.ts';
import type { PortableModel } from '#engine/model/portable.ts';
import { networkText } from '#engine/predict/program/text/network.ts';

function written(layers: readonly LayerSpec[], more: Partial<PortableModel> = {}): string {
  const model: PortableModel = {
    spec: { id: 'n', name: 'A "net"', input: [8, 8, 3], preprocessing: 'none', source: '', layers },
    ...{ pixels: { kind: 'none' }, classes: [{ label: 'a' }, { label: 'b' }], weights: [], ...more },
  };
  const plan = planOf(model, 'keras', 'inside', true);
  return networkText({ plan, layers: plan.layers, outputs: plan.outputs, bgr: model.pixels.kind === 'caffe' });
}

const kinds = layerSpec.options.map(({ shape }) => shape.kind.value);

test.each(kinds)('%s has its line', (kind: LayerKind) => {
  const merging = mergingKinds.includes(kind);
  const layer = { ...newLayer(kind, 'tried'), ...(merging && { inputs: ['input', 'input'] }) } as LayerSpec;
  const layers: LayerSpec[] = kind === 'Dense' ? [{ kind: 'Flatten', name: 'flat' }, layer] : [layer];
  const spec = { id: 'n', name: 'n', input: [8, 8, 32], preprocessing: 'none', source: '', layers } as const;
  expect(written(layers, { spec })).toContain(`outputs = layers.${kind}(`);
  expect(layerFields[kind]).toBeDefined();
});

test('what Keras takes when nothing is said is left out, all else is said', () => {
  const conv = { kernelSize: [3, 3], strides: [1, 1], padding: 'same', activation: 'relu' } as const;
  const text = written([
    { kind: 'Conv2D', name: 'one', filters: 8, ...conv, kernelInitializer: 'he_normal', useBias: false },
    { kind: 'BatchNormalization', name: 'norm', momentum: 0.9, epsilon: 0.001, scale: false, trainable: false },
    { kind: 'MaxPooling2D', name: 'pool', poolSize: [2, 2], strides: [2, 2], padding: 'valid' },
    { kind: 'Flatten', name: 'flat' },
    { kind: 'Dense', name: 'answer', units: 2, activation: 'softmax' },
  ]);
  expect(text).toMatch(
    /Conv2D\(\s*8,\s*\(3, 3\),\s*padding="same",\s*activation="relu",\s*kernel_initializer="he_normal",\s*use_bias=False,\s*name="one",\s*\)/,
  );
  expect(text).toMatch(/momentum=0\.9,\s*scale=False,\s*trainable=False,\s*name="norm"/);
  expect(text).toContain('x = layers.MaxPooling2D((2, 2), name="pool")(x)');
  expect(text).toContain('outputs = layers.Dense(2, activation="softmax", name="answer")(x)');
  expect(text).toContain('return keras.Model(inputs, outputs, name="A_net_")');
});

test('branches have names, and every output is given', () => {
  const conv = { filters: 2, kernelSize: [1, 1], strides: [1, 1], padding: 'same', activation: 'linear' } as const;
  const layers: LayerSpec[] = [
    { kind: 'Conv2D', name: 'class', ...conv },
    { kind: 'Conv2D', name: 'left', ...conv },
    { kind: 'Add', name: 'sum', inputs: ['left', 'class'] },
    { kind: 'Flatten', name: 'side', inputs: ['class'] },
    { kind: 'Flatten', name: 'end', inputs: ['sum'] },
  ];
  const auxiliary = [{ layer: 'side', lossWeight: 0.3 }];
  const spec = { id: 'n', name: 'n', input: [8, 8, 3], preprocessing: 'none', source: '', layers, auxiliary } as const;
  const text = written(layers, { spec });
  expect(text).toContain('class_ = layers.Conv2D(');
  expect(text).toMatch(/layers\.Add\(name="sum"\)\(\[\w+, class_\]\)/);
  expect(text).toContain('side = layers.Flatten(name="side")(class_)');
  expect(text).toContain('keras.Model(inputs, [outputs, side], name="n")');
});

test.each([
  ['divide-255', 'layers.Rescaling(1 / 255, name="pixels")(inputs)'],
  ['minus-one-to-one', 'layers.Rescaling(1 / 127.5, offset=-1, name="pixels")(inputs)'],
  ['caffe', 'kernel_initializer=channels_turned_round'],
] as const)('pixels: %s', (kind, line) => {
  const text = written([{ kind: 'Flatten', name: 'flat' }], { pixels: { kind } });
  expect(text).toContain(line);
});

const normal = { kind: 'BatchNormalization', momentum: 0.9, epsilon: 0.001, scale: true } as const;
const dense = { kind: 'Dense', units: 2, activation: 'softmax' } as const;

test.each<[string, LayerSpec[], head: string, words: RegExp | null]>([
  ['nothing to say', [{ ...dense, name: 'a' }], 'build()', null],
  ['statistics of the batch', [{ ...normal, name: 'a' }], 'build(synchronized=False)', /synchronized: batch/],
  [
    'frozen normalization',
    [{ ...normal, name: 'a', trainable: false } as LayerSpec],
    'build()',
    /keeps its statistics too/,
  ],
  ['a frozen layer', [{ ...dense, name: 'a', trainable: false } as LayerSpec], 'build()', /trainable=False: the layer/],
])('what build says of %s', (_, layers, head, words) => {
  const text = written([{ kind: 'Flatten', name: 'flat' }, ...layers]);
  expect(text).toContain(`def ${head}:`);
  expect(text.includes('synchronized=synchronized')).toBe(head.includes('synchronized'));
  if (words) expect(text).toMatch(words);
  else expect(text).toContain('"""The network with weights that Keras draws."""');
});
