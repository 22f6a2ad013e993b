import type { PlannedLayer, WritingPlan } from '#engine/model/formats/keras/writing/plan.ts';
import { mergingKinds } from '#contract/layer-fields.ts';
import { caffeMeans } from '#engine/model/pixels.ts';
import { inputName } from '#engine/model/spec.ts';
import { layerCall, normalizes } from './layer.ts';
import { call, identifier, literal, real, text } from './literal.ts';

/** What network.py is made of. */
export interface NetworkText {
  readonly plan: Pick<WritingPlan, 'name' | 'input'>;
  /** Each after those it takes from. */
  readonly layers: readonly PlannedLayer[];
  /** Names of layers: the one that predicts, then auxiliary classifiers. */
  readonly outputs: readonly string[];
  /** The layer that is first turns RGB into BGR. */
  readonly bgr: boolean;
}

/** network.py: a function that builds the network, layer by layer. */
export function networkText({ plan, layers: order, outputs, bgr }: NetworkText): string {
  const users = new Map<string, PlannedLayer[]>();
  for (const layer of order) for (const name of layer.inputs) users.set(name, [...(users.get(name) ?? []), layer]);
  const taken = new Set<string>();
  const variables = new Map<string, string>();
  /** Whether only the layer after this one takes it: then it needs no name. */
  const passing = (name: string, place: number) => {
    const next = order[place + 1];
    const by = users.get(name) ?? [];
    return by.length === 1 && by[0] === next && !outputs.slice(1).includes(name);
  };
  variables.set(inputName, 'inputs');
  const lines = order.map((planned, place) => {
    const { name } = planned.layer;
    const last = name === outputs[0];
    const variable = last ? 'outputs' : passing(name, place) ? 'x' : identifier(name, taken);
    const inputs = planned.inputs.map((from) => variables.get(from) ?? 'inputs');
    variables.set(name, variable);
    const { kind, args } = layerCall(planned);
    const merging = (mergingKinds as readonly string[]).includes(kind);
    const given = merging ? `[${inputs.join(', ')}]` : inputs.join(', ');
    const fixed = bgr && place === 0 ? [...args.slice(0, 2), ...bgrArguments, ...args.slice(2)] : args;
    return `    ${call(`${variable} = layers.${kind}`, fixed, 4, `(${given})`)}`;
  });
  const result = outputs.map((name) => variables.get(name) ?? 'x');
  return [
    `"""The network, layer by layer. It takes ${plan.input.at(-1) === 1 ? 'grey' : 'RGB'} images as they are: 0…255."""`,
    '',
    'import keras',
    'from keras import layers',
    ...(bgr ? bgrFunctions : []),
    '',
    '',
    ...headOf(order),
    `    inputs = keras.Input(${literal(plan.input)}, name=${text(inputName)})`,
    ...lines,
    `    ${call('return keras.Model', ['inputs', result.length === 1 ? (result[0] ?? 'x') : `[${result.join(', ')}]`, `name=${text(plan.name)}`], 4)}`,
    '',
  ].join('\n');
}

/** `build` and what is said of it. */
function headOf(layers: readonly PlannedLayer[]): string[] {
  const frozen = layers.filter(({ layer }) => layer.trainable === false);
  const normalization = frozen.some(({ layer }) => layer.kind === 'BatchNormalization');
  const together = layers.some(normalizes);
  const paragraphs = [
    ...(frozen.length > 0
      ? [
          [
            '    trainable=False: the layer keeps the weights that it is given.',
            ...(normalization
              ? ['    Batch normalization then keeps its statistics too, and uses them in training as well.']
              : []),
          ],
        ]
      : []),
    ...(together
      ? [['    synchronized: batch normalization takes its means over all replicas of a distributed step.']]
      : []),
  ];
  const title = 'The network with weights that Keras draws.';
  return [
    `def build(${together ? 'synchronized=False' : ''}):`,
    ...(paragraphs.length === 0
      ? [`    """${title}"""`]
      : [`    """${title}`, ...paragraphs.flatMap((lines) => ['', ...lines]), '    """']),
  ];
}

const bgrArguments = ['kernel_initializer=channels_turned_round', 'bias_initializer=less_imagenet_means'];

const bgrFunctions = [
  '',
  '',
  '@keras.saving.register_keras_serializable("heatlens")',
  'def channels_turned_round(shape, dtype=None):',
  '    """A kernel of 1×1 that makes BGR of RGB."""',
  '    return keras.ops.reshape(keras.ops.eye(3, dtype=dtype)[::-1], shape)',
  '',
  '',
  '@keras.saving.register_keras_serializable("heatlens")',
  'def less_imagenet_means(shape, dtype=None):',
  '    """Of blue, green and red: keras.applications.imagenet_utils, mode "caffe"."""',
  `    return keras.ops.convert_to_tensor([${caffeMeans.map((mean) => real(-mean)).join(', ')}], dtype=dtype)`,
];
