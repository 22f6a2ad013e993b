import { tf } from '#engine/backend/tensors.ts';
import type { Initializer, LayerKind, LayerOf } from '../spec.ts';
import type { LayerFacts, Shape, WeightFacts } from './shapes.ts';

/** What a layer computes with. */
export interface Given {
  readonly inputs: readonly tf.Tensor[];
  /** Its input where it has one alone. */
  readonly x: tf.Tensor;
  weight(name: WeightFacts['name']): tf.Tensor;
  /** In training: scalar, int32, from 1. */
  readonly step: tf.Scalar | null;
  /** Of its random draws. */
  readonly key: number;
}

/** A kind of layer, wholly ours: what comes out, and how. */
export interface Written<K extends LayerKind> {
  /** Fails: `model/wrong-input`, `model/wrong-setting`. */
  facts(layer: LayerOf<K>, inputs: readonly Shape[], classes: number): LayerFacts;
  /** Inside tf.tidy. */
  call(layer: LayerOf<K>, given: Given): tf.Tensor;
  /** Keras' other initializers than glorot uniform for kernels, one for gamma and zero for the rest. */
  starts?(layer: LayerOf<K>): Partial<Record<WeightFacts['name'], Initializer | undefined>>;
}

type Held = ReturnType<tf.layers.Layer['addWeight']>;

/** One of them as a layer of tfjs, which keeps its weights. */
export class WrittenLayer extends tf.layers.Layer {
  static readonly className = 'WrittenLayer';
  readonly #kind: Written<LayerKind>;
  readonly #layer: LayerOf<LayerKind>;
  readonly #facts: LayerFacts;
  readonly #key: number;
  readonly #held = new Map<string, Held>();

  constructor(kind: Written<LayerKind>, layer: LayerOf<LayerKind>, facts: LayerFacts, key: number) {
    super({ name: layer.name });
    this.#kind = kind;
    this.#layer = layer;
    this.#facts = facts;
    this.#key = key;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const zeros = tf.initializers.zeros(); // the network sets the first values
    for (const { name, shape, trainable } of this.#facts.weights) {
      this.#held.set(name, this.addWeight(name, [...shape], 'float32', zeros, undefined, trainable));
    }
    super.build(inputShape);
  }

  override call(given: tf.Tensor | tf.Tensor[], { training, step }: Record<string, unknown>): tf.Tensor {
    const inputs = Array.isArray(given) ? given : [given];
    const [x] = inputs;
    if (!x) throw new Error(`${this.name} received no input`);
    if (training && !(step instanceof tf.Tensor)) throw new Error(`${this.name} in training needs the step`);
    const weight = (name: WeightFacts['name']) => {
      const held = this.#held.get(name);
      if (!held) throw new Error(`${this.name} has no ${name}`);
      return held.read();
    };
    return tf.tidy(() => {
      const now = training ? (step as tf.Scalar) : null;
      const out = this.#kind.call(this.#layer, { inputs, x, weight, step: now, key: this.#key });
      // tfjs must not see a layer give back what it was given.
      return inputs.includes(out) ? tf.clone(out) : out;
    });
  }

  override computeOutputShape(shape: tf.Shape | tf.Shape[]): tf.Shape {
    const [first] = shape;
    const batch = Array.isArray(first) ? first[0] : first;
    return [batch ?? null, ...this.#facts.outputShape];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), kind: this.#layer.kind };
  }
}
