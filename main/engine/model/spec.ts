import type { LayerSpec, NetworkSpec as NetworkData } from '#contract/network.ts';

export { inputName } from '#contract/network.ts';
export type {
  Activation,
  Initializer,
  LayerKind,
  LayerOf,
  LayerSpec,
  NetworkSpec as NetworkData,
  Preprocessing,
} from '#contract/network.ts';

export type Conv2D = Extract<LayerSpec, { kind: 'Conv2D' }>;
export type BatchNormalization = Extract<LayerSpec, { kind: 'BatchNormalization' }>;
export type MaxPooling2D = Extract<LayerSpec, { kind: 'MaxPooling2D' }>;
export type Resizing = Extract<LayerSpec, { kind: 'Resizing' }>;
export type Dropout = Extract<LayerSpec, { kind: 'Dropout' }>;
export type Flatten = Extract<LayerSpec, { kind: 'Flatten' }>;
export type Dense = Extract<LayerSpec, { kind: 'Dense' }>;

/** A network as the engine has it: data, or a preset that may look at the size of the images. */
export interface NetworkSpec extends NetworkData {
  /** The layers for images of another size, where they differ. */
  readonly layersFor?: (images: Pick<ImageShape, 'height' | 'width'>) => readonly LayerSpec[];
}

/** The network's layers for these images. */
export function layersOf(spec: NetworkSpec, images: Pick<ImageShape, 'height' | 'width'>): readonly LayerSpec[] {
  return spec.layersFor?.(images) ?? spec.layers;
}

/** The network as data alone, for these images. */
export function resolved({ layersFor, ...spec }: NetworkSpec, images: Omit<ImageShape, 'classes'>): NetworkData {
  const { height, width, channels } = images;
  return { ...spec, input: [height, width, channels], layers: layersFor?.(images) ?? spec.layers };
}

/** With so many units where it says `classes`. */
export function withUnits(spec: NetworkData, classes: number): NetworkData {
  const layers = spec.layers.map((layer) =>
    layer.kind === 'Dense' && layer.units === 'classes' ? { ...layer, units: classes } : layer,
  );
  return { ...spec, layers };
}

/** The images a network is built for. */
export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly classes: number;
}
