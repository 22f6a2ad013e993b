import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeHdf5 } from '#engine/model/formats/hdf5/write-hdf5.ts';
import type { ZooDefinition } from '#engine/model/zoo/definition.ts';
import { weightsOf } from '#engine/model/zoo/shelf.ts';
import type { NetworkData } from '#engine/model/spec.ts';
import { spread } from './spread.ts';
import { temporaryFolder } from './temporary-folder.ts';

const spec: NetworkData = {
  id: 'small',
  name: 'Small',
  input: [8, 8, 3],
  preprocessing: 'minus-one-to-one',
  source: 'a test',
  layers: [
    {
      ...{ kind: 'Conv2D', name: 'conv', filters: 4, kernelSize: [3, 3], strides: [2, 2], padding: 'same' },
      ...{ activation: 'linear', useBias: false },
    },
    { kind: 'BatchNormalization', name: 'bn', momentum: 0.99, epsilon: 0.001, scale: true },
    { kind: 'GlobalAveragePooling2D', name: 'avg_pool' },
    { kind: 'Dense', name: 'predictions', units: 1000, activation: 'softmax' },
  ],
};

export interface SmallZoo {
  readonly definition: ZooDefinition;
  /** Its weights as Keras 2 wrote them. */
  readonly file: string;
  readonly bytes: Buffer;
  /** What is in it, of the last layer's bias. */
  readonly bias: Float32Array;
}

/** A model that a server may hand out. @param url of the weights, without their file's name */
export async function smallZoo(url: string, changes: Partial<ZooDefinition> = {}): Promise<SmallZoo> {
  const file = path.join(await temporaryFolder(), 'small_weights.h5');
  const weights = weightsOf(spec).map(({ name, shape }) => ({
    ...{ name, shape },
    values: spread(
      name,
      shape.reduce((size, side) => size * side, 1),
      (value) => value / 8,
    ),
  }));
  const layers = ['conv', 'bn', 'predictions'];
  const of = (layer: string) => weights.filter(({ name }) => name.startsWith(`${layer}/`));
  await writeHdf5(file, [
    { kind: 'attribute', path: '', name: 'layer_names', value: layers },
    ...layers.flatMap((layer) => [
      { kind: 'group' as const, path: layer },
      {
        ...{ kind: 'attribute' as const, path: layer, name: 'weight_names' },
        value: of(layer).map(({ name }) => `${name}:0`),
      },
      ...of(layer).map(({ name, shape, values }) => ({
        ...{ kind: 'values' as const, path: `${layer}/${name}:0`, shape, values },
      })),
    ]),
  ]);
  const bytes = await readFile(file);
  const parameters = weights.reduce((sum, { values }) => sum + values.length, 0);
  return {
    definition: {
      ...{ id: 'small', name: 'Small', family: 'Test', top1: 0.5, top5: null, parameters, depth: 2, source: 'a test' },
      weights: { url: `${url}small_weights.h5`, md5: createHash('md5').update(bytes).digest('hex') },
      network: () => spec,
      ...changes,
    },
    ...{ file, bytes, bias: weights.at(-1)?.values ?? new Float32Array() },
  };
}
