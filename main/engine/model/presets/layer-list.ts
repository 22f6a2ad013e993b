import type { Activation, Conv2D, Initializer, LayerSpec } from '../spec.ts';

/** Layers of a network as they are put one after the other; `add` gives the name by which others take their output. */
export class LayerList {
  readonly layers: LayerSpec[] = [];

  /** @param inputs names of the layers it takes; none = the layer before it */
  add(layer: LayerSpec, ...inputs: readonly string[]): string {
    this.layers.push(inputs.length > 0 ? { ...layer, inputs } : layer);
    return layer.name;
  }
}

interface ConvOptions {
  readonly stride?: number;
  readonly padding?: 'same' | 'valid';
  readonly activation?: Activation;
  readonly useBias?: boolean;
  readonly kernelInitializer?: Initializer;
}

/** @param size of the kernel: a side of a square, or rows and columns */
export function conv(
  name: string,
  filters: number,
  size: number | readonly [number, number],
  options: ConvOptions = {},
): Conv2D {
  const { stride = 1, padding = 'same', activation = 'relu', useBias = true, kernelInitializer } = options;
  return {
    kind: 'Conv2D',
    name,
    filters,
    kernelSize: typeof size === 'number' ? [size, size] : size,
    strides: [stride, stride],
    padding,
    activation,
    useBias,
    ...(kernelInitializer ? { kernelInitializer } : {}),
  };
}

export function pool(
  kind: 'MaxPooling2D' | 'AveragePooling2D',
  name: string,
  size: number,
  stride: number,
  padding: 'same' | 'valid' = 'valid',
): LayerSpec {
  return { kind, name, poolSize: [size, size], strides: [stride, stride], padding };
}

/** Same on all four sides. */
export function zeros(name: string, side: number): LayerSpec {
  return {
    kind: 'ZeroPadding2D',
    name,
    padding: [
      [side, side],
      [side, side],
    ],
  };
}

/** What gives a value a class. */
export const classifier = (name: string): LayerSpec => ({
  kind: 'Dense',
  name,
  units: 'classes',
  activation: 'softmax',
});

/** Smaller images are made so large first; zeros beside them keep their proportions. */
export function enlarged(
  layers: readonly LayerSpec[],
  least: number,
  { height, width }: { height: number; width: number },
) {
  if (Math.min(height, width) >= least) return layers;
  const resizing: LayerSpec = { kind: 'Resizing', name: 'resizing', height: least, width: least };
  return [resizing, ...layers];
}
