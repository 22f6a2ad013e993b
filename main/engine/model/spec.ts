/**
 * Networks as data, in Keras' terms: class names and arguments as in `keras.layers`, every default written out.
 * Only what a preset needs; other layers come with the files that contain them.
 */

export type Activation = 'linear' | 'relu' | 'softmax';

interface Named {
  readonly name: string;
}

export interface Conv2D extends Named {
  readonly kind: 'Conv2D';
  readonly filters: number;
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: 'same' | 'valid';
  readonly activation: Activation;
}

export interface MaxPooling2D extends Named {
  readonly kind: 'MaxPooling2D';
  readonly poolSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: 'same' | 'valid';
}

export interface Dropout extends Named {
  readonly kind: 'Dropout';
  /** The part of the values set to zero, 0…1; the others are divided by 1 − rate. */
  readonly rate: number;
}

export interface Flatten extends Named {
  readonly kind: 'Flatten';
}

export interface Dense extends Named {
  readonly kind: 'Dense';
  /** `classes`: as many as the data set has. */
  readonly units: number | 'classes';
  readonly activation: Activation;
}

export type LayerSpec = Conv2D | MaxPooling2D | Dropout | Flatten | Dense;

/** Layers one after the other; kernels start glorot uniform, biases at zero. The last layer gives a value a class. */
export interface NetworkSpec {
  readonly id: string;
  readonly name: string;
  /** Height, width, channels of the images it was written for. */
  readonly input: readonly [number, number, number];
  /** What is done to pixels (0…255) first. */
  readonly preprocessing: 'none' | 'divide-255';
  /** Book, tutorial, paper. */
  readonly source: string;
  readonly layers: readonly LayerSpec[];
}

/** The images a network is built for. */
export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly classes: number;
}
