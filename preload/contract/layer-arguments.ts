import { z } from 'zod';

/** What layers are told, in Keras' terms. */

export const whole = (low: number, high: number) => z.number().int().min(low).max(high);
export const size = whole(1, 65_536);
export const window = z.tuple([whole(1, 1024), whole(1, 1024)]).readonly();
export const padding = z.enum(['same', 'valid']);
export const sides = z
  .tuple([z.tuple([whole(0, 4096), whole(0, 4096)]).readonly(), z.tuple([whole(0, 4096), whole(0, 4096)]).readonly()])
  .readonly();

/** keras.activations of that name; `silu` is also called swish, `gelu` is the exact one. */
export const activation = z.enum([
  'linear',
  'relu',
  'softmax',
  'elu',
  'selu',
  'gelu',
  'silu',
  'tanh',
  'sigmoid',
  'softplus',
  'softsign',
  'hard_sigmoid',
  'hard_silu',
  'relu6',
  'leaky_relu',
  'mish',
  'exponential',
]);
export type Activation = z.infer<typeof activation>;

/** How weights start: keras.initializers of that name with their defaults, drawn from our own seeded streams. */
export const initializer = z.enum([
  'glorot_uniform',
  'glorot_normal',
  'he_uniform',
  'he_normal',
  'lecun_uniform',
  'lecun_normal',
  'random_uniform',
  'random_normal',
  'zeros',
  'ones',
]);
export type Initializer = z.infer<typeof initializer>;

/** The name by which layers ask for the images themselves. */
export const inputName = 'input';

/** Unlike Keras without `/`, which parts a layer's name from its weight's, and without blanks. */
export const layerName = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/)
  .refine((name) => name !== inputName);

export const named = {
  name: layerName,
  /** Names of the layers it takes its input from; absent = the layer before it, `input` for the first. */
  inputs: z.array(z.string().max(100)).min(1).max(64).readonly().optional(),
  /** False: its weights stay as they are; batch normalization then works as in inference, as Keras' `trainable=False`. */
  trainable: z.literal(false).optional(),
};

/** Absent = glorot uniform, zeros; a bias is there unless `useBias` says no. */
export const weights = {
  useBias: z.boolean().optional(),
  kernelInitializer: initializer.optional(),
  biasInitializer: initializer.optional(),
};

export const sliding = { strides: window, padding };
