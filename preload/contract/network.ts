import { z } from 'zod';
import { size, whole } from './layer-arguments.ts';
import { layerSpec } from './layers.ts';

export { activation, initializer, inputName, layerName, type Activation, type Initializer } from './layer-arguments.ts';
export * from './layers.ts';

/** Networks as data. */

/**
 * What is done to pixels (RGB, 0…255) first. `minus-one-to-one`: x / 127.5 − 1, Keras' mode "tf". `caffe`: to BGR, less
 * ImageNet's means 103.939, 116.779, 123.68, and `torch`: (x / 255 − mean) / deviation with 0.485, 0.456, 0.406 and 0.229,
 * 0.224, 0.225, both as `keras.applications.imagenet_utils.preprocess_input`. `lite`: (x − 127) / 128, EfficientNet-Lite's.
 */
export const preprocessing = z.enum(['none', 'divide-255', 'minus-one-to-one', 'caffe', 'torch', 'lite']);
export type Preprocessing = z.infer<typeof preprocessing>;

/** A classifier beside the main one, which only training sees. */
export const auxiliaryOutput = z.object({
  /** Its last layer. */
  layer: z.string().max(100),
  /** Of its loss, beside the main output's 1. */
  lossWeight: z.number().min(0).max(1000),
});

/**
 * Layers, each after those it takes its input from. The last layer gives a value a class, as do the last layers of
 * auxiliary outputs.
 */
export const networkSpec = z.object({
  id: z.string().max(100),
  name: z.string().min(1).max(200),
  /** Height, width, channels of the images it was written for. */
  input: z.tuple([size, size, whole(1, 1024)]).readonly(),
  preprocessing,
  /** Book, tutorial, paper; for a network of the user's, what it was made from. */
  source: z.string().max(1000),
  layers: z.array(layerSpec).max(2000).readonly(),
  auxiliary: z.array(auxiliaryOutput).max(16).readonly().optional(),
});
export type NetworkSpec = z.infer<typeof networkSpec>;
