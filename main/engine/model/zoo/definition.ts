import type { NetworkData } from '../spec.ts';

/** Where the makers of Keras keep a file of weights. */
export interface WeightsFile {
  readonly url: string;
  /** As `keras.applications` expects it; null where it expects none. */
  readonly md5: string | null;
}

/** A network that was trained on ImageNet's thousand classes, and what is known of it. */
export interface ZooDefinition {
  /** As `keras.applications` calls its function, in lower case. */
  readonly id: string;
  readonly name: string;
  readonly family: string;
  /** On ImageNet's validation images, 0…1. */
  readonly top1: number | null;
  readonly top5: number | null;
  readonly parameters: number;
  /** As keras.io/api/applications counts it, with activations and normalizations. */
  readonly depth: number | null;
  /** Paper, whose figures these are, licence of the weights. */
  readonly source: string;
  /** Null where they come with the app. */
  readonly weights: WeightsFile | null;
  /** For its own size of images, with a number of units in every Dense; made when asked for. */
  readonly network: () => NetworkData;
}

/** Made when first asked for. */
export function once<T>(make: () => T): () => T {
  let made: { readonly it: T } | null = null;
  return () => (made ??= { it: make() }).it;
}

/** Classes of ImageNet. */
export const classCount = 1000;
