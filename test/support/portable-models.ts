import { Inference } from '#engine/predict/inference.ts';
import { softmax } from '#engine/predict/softmax.ts';
import { networkOf } from '#engine/model/network.ts';
import type { Pixels } from '#engine/model/pixels.ts';
import type { PortableModel } from '#engine/model/portable.ts';
import { findPreset } from '#engine/model/presets.ts';
import { resolved, type NetworkSpec } from '#engine/model/spec.ts';
import { bytes, stream } from './keras-numbers.ts';

export interface Size {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly classes: number;
}

/** A network with weights drawn from a seed; moving means and variances are not those of a fresh one. */
export function portableOf(written: NetworkSpec, size: Size, seed: number, pixels?: Pixels): PortableModel {
  const spec = withUnits(resolved(written, size), size.classes);
  const network = networkOf(spec, size, seed);
  const weights = network.variables.map(({ name, variable }, place) => ({
    name,
    shape: variable.shape,
    values: moved(name, variable.dataSync<'float32'>().slice(), seed + place),
  }));
  network.dispose();
  const classes = Array.from({ length: size.classes }, (_, index) => ({ label: `class ${index}` }));
  return { spec, pixels: pixels ?? { kind: spec.preprocessing }, classes, weights };
}

export const portablePreset = (id: string, size: Size, seed = 7, pixels?: Pixels): PortableModel =>
  portableOf(findPreset(id), size, seed, pixels);

/** What the app itself answers, [image, class]: probabilities, or logits where the network ends in them. */
export function answersOf(model: PortableModel, pixels: Uint8Array, count: number): Float32Array {
  const [height, width, channels] = model.spec.input;
  const size = { height, width, channels, classes: model.classes.length };
  const inference = new Inference(networkOf(model.spec, size, 0, model.pixels, model.weights));
  try {
    const logits = inference.logits(pixels, count);
    if (inference.network.endsIn === 'linear') return logits;
    const each = logits.length / count;
    return Float32Array.from(
      Array.from({ length: count }, (_, image) => [
        ...softmax(logits.subarray(image * each, (image + 1) * each)),
      ]).flat(),
    );
  } finally {
    inference.dispose();
  }
}

export function seededImages({ spec }: PortableModel, count: number, seed = 3): Uint8Array {
  const [height, width, channels] = spec.input;
  return Uint8Array.from(bytes(seed, 40, count * height * width * channels));
}

export const furthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((far, value, place) => Math.max(far, Math.abs(value - (b[place] ?? Number.NaN))), 0);

function moved(name: string, values: Float32Array, seed: number): Float32Array {
  const small = stream(seed, 50, values.length);
  if (/\/(gamma|moving_variance)$/.test(name)) return values.map((value, place) => value + small[place]!);
  return /\/(beta|bias|moving_mean|alpha)$/.test(name)
    ? values.map((value, place) => value + 0.2 * (small[place]! - 0.5))
    : values;
}

function withUnits(spec: ReturnType<typeof resolved>, classes: number): ReturnType<typeof resolved> {
  const layers = spec.layers.map((layer) =>
    layer.kind === 'Dense' && layer.units === 'classes' ? { ...layer, units: classes } : layer,
  );
  return { ...spec, layers };
}
