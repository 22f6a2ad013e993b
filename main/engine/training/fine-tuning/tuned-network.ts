import { AppError } from '#contract/failures.ts';
import { networkSpec } from '#contract/network.ts';
import type { FineTuningSettings } from '#contract/training-settings.ts';
import { placeLayers, type PlacedLayer } from '#engine/model/placement.ts';
import { caffeMeans, torch, type Pixels, type PixelStatistics } from '#engine/model/pixels.ts';
import type { PortableModel } from '#engine/model/portable.ts';
import type { NamedValues } from '#engine/model/safetensors.ts';
import { inputName, type ImageShape, type LayerSpec, type NetworkData } from '#engine/model/spec.ts';
import { basePart, type BasePart } from './base-part.ts';
import { blocksOf } from './blocks.ts';

/** What a run trains that begins with another model's weights. */
export interface TunedNetwork {
  readonly spec: NetworkData;
  /** Of a base that standardizes pixels: its figures. */
  readonly statistics?: PixelStatistics;
  /** Of layers that stand in for a treatment of pixels which is not the same for every channel. */
  readonly added: readonly NamedValues[];
}

/** Random in training; in inference they change nothing. */
const random: readonly LayerSpec['kind'][] = ['Dropout', 'SpatialDropout2D', 'GaussianNoise'];

/**
 * The base for these images with what the settings put in the place of its classifier, and what stays frozen marked so.
 * Fails: `train/base-unfit` with the reason.
 */
export function tunedNetwork(base: PortableModel, settings: FineTuningSettings, images: ImageShape): TunedNetwork {
  const { head, unfreeze, dropout } = settings;
  const classes = classesOf(base);
  const part = basePart(base.spec, classes);
  if (head === 'keep') refuseOther(base, classes, images);
  if (!part.spatial && (head === 'global-average' || head === 'global-max')) {
    throw unfit(base, 'flat', 'has no maps to pool', {});
  }
  const trained = new Set(
    blocksOf(part.layers)
      .slice(unfreeze === 'all' ? 0 : -unfreeze || Infinity)
      .flat(),
  );
  const asItIs = head === 'keep' && unfreeze === 'all';
  const inBase = new Set(part.layers.map(({ layer }) => layer.name));
  const { input, first, added } = colours(base, images);
  const layers = new Rewired(first);
  for (const each of head === 'keep' ? whole(base.spec, classes) : part.layers) {
    const { layer } = each;
    const learns = !inBase.has(layer.name) || trained.has(layer.name);
    // In inference it changes nothing: the layers after it take what it takes.
    if (random.includes(layer.kind) && (head === 'keep' ? !learns : true)) layers.leaveOut(each);
    else layers.add(each, frozen(layer, learns, asItIs || !inBase.has(layer.name)), input);
  }
  if (head !== 'keep') for (const layer of headLayers(head, dropout, part, layers)) layers.end(layer);
  const spec = named(base, {
    ...base.spec,
    input: [images.height, images.width, images.channels],
    preprocessing: added.length > 0 || base.pixels.kind === 'standardize' ? 'none' : base.pixels.kind,
    layers: layers.list,
  });
  const tuned = { ...spec, auxiliary: head === 'keep' ? base.spec.auxiliary : undefined };
  const { auxiliary, ...alone } = tuned;
  // As it is read back from the run's folder, so that a run knows its network again.
  const result = networkSpec.parse(auxiliary && auxiliary.length > 0 ? { ...alone, auxiliary } : alone);
  refuseSmall(base, result, images);
  return { spec: result, added, ...statistics(base.pixels, added) };
}

/** How many classes a model tells apart. */
export function classesOf({ spec, classes }: PortableModel): number {
  const last = spec.layers.findLast(({ kind }) => kind === 'Dense');
  const units = last?.kind === 'Dense' ? last.units : 'classes';
  return units === 'classes' || classes.length > 0 ? Math.max(1, classes.length) : units;
}

/** Layers taken over from a network, some of which are left out. */
class Rewired {
  readonly list: LayerSpec[];
  /** What stands for a layer that was left out. */
  readonly #instead = new Map<string, string>();

  constructor(first: readonly LayerSpec[]) {
    this.list = [...first];
  }

  /** @param input what stands for the images */
  add({ inputs }: PlacedLayer, layer: LayerSpec, input: string): void {
    const taken = inputs.map((name) => this.#found(name === inputName ? input : name));
    const { inputs: _, ...bare } = layer;
    const before = this.list.at(-1)?.name ?? inputName;
    this.list.push(taken.length === 1 && taken[0] === before ? bare : { ...bare, inputs: taken });
  }

  leaveOut({ layer, inputs }: PlacedLayer): void {
    this.#instead.set(layer.name, inputs[0] ?? inputName);
  }

  /** After the last one. */
  end(layer: LayerSpec): void {
    this.list.push(layer);
  }

  has(name: string): boolean {
    return this.list.some((layer) => layer.name === name);
  }

  #found(name: string): string {
    const other = this.#instead.get(name);
    return other === undefined ? name : this.#found(other);
  }
}

/** @param asWritten what a layer says of itself counts, unless it is to learn */
function frozen(layer: LayerSpec, learns: boolean, asWritten: boolean): LayerSpec {
  const { trainable, ...open } = layer;
  if (layer.kind === 'BatchNormalization' && (asWritten ? trainable === false : true)) {
    return { ...open, trainable: false } as LayerSpec;
  }
  return learns || !hasWeights(layer) ? (open as LayerSpec) : ({ ...open, trainable: false } as LayerSpec);
}

const weightless: readonly LayerSpec['kind'][] = [
  ...random,
  ...(['MaxPooling2D', 'AveragePooling2D', 'GlobalMaxPooling2D', 'GlobalAveragePooling2D', 'Activation'] as const),
  ...(['ReLU', 'LeakyReLU', 'ELU', 'Add', 'Subtract', 'Multiply', 'Average', 'Maximum', 'Minimum'] as const),
  ...(['Concatenate', 'Flatten', 'Reshape', 'Permute', 'ZeroPadding2D', 'Cropping2D'] as const),
  ...(['UpSampling2D', 'Resizing', 'Rescaling'] as const),
];
const hasWeights = (layer: LayerSpec) => !weightless.includes(layer.kind);

function* headLayers(
  head: Exclude<FineTuningSettings['head'], 'keep'>,
  dropout: number | undefined,
  { last, spatial }: BasePart,
  taken: Rewired,
): Generator<LayerSpec> {
  const free = (name: string): string => (taken.has(name) ? free(`${name}_new`) : name);
  const before = taken.list.at(-1)?.name;
  const from = before === last.layer.name ? {} : { inputs: [last.layer.name] };
  if (spatial) {
    const kinds = {
      'global-average': 'GlobalAveragePooling2D',
      'global-max': 'GlobalMaxPooling2D',
      flatten: 'Flatten',
    };
    const kind = kinds[head] as 'GlobalAveragePooling2D' | 'GlobalMaxPooling2D' | 'Flatten';
    yield { kind, name: free(head === 'flatten' ? 'head_flatten' : 'head_pool'), ...from };
  }
  if (dropout) yield { kind: 'Dropout', name: free('head_dropout'), rate: dropout };
  yield { kind: 'Dense', name: free('predictions'), units: 'classes', activation: 'softmax' };
}

/** Grey images for a base that takes colours: three equal channels, treated as the base's are. */
function colours({ spec, pixels }: PortableModel, { channels }: ImageShape) {
  const [, , wanted] = spec.input;
  const none = { input: inputName, first: [] as LayerSpec[], added: [] as NamedValues[] };
  if (wanted === channels) return none;
  if (channels !== 1 || wanted !== 3) {
    const details = { expected: channels, received: wanted };
    throw unfit({ spec }, 'channels', `takes images with ${wanted} channels, not ${channels}`, details);
  }
  const three: LayerSpec = {
    kind: 'Concatenate',
    name: 'grey_to_colours',
    inputs: [inputName, inputName, inputName],
  };
  const each = ofChannels(pixels);
  if (!each) return { ...none, input: three.name, first: [three] };
  const treatment = { kind: 'BatchNormalization', name: 'grey_treatment', momentum: 0.99, epsilon } as const;
  const values = (name: string, of: readonly number[]) => ({
    name: `${treatment.name}/${name}`,
    shape: [wanted],
    values: Float32Array.from(of),
  });
  return {
    input: treatment.name,
    first: [three, { ...treatment, scale: false, center: false, trainable: false } as LayerSpec],
    added: [
      values('moving_mean', each.mean),
      values(
        'moving_variance',
        each.deviation.map((deviation) => deviation ** 2 - epsilon),
      ),
    ],
  };
}

/** Keras asks for one above zero; below a variance of one it would matter. */
const epsilon = 1e-6;

/** (x − mean) / deviation of each channel, for treatments that are not one for all: normalization in inference does the same. */
function ofChannels(pixels: Pixels): PixelStatistics | null {
  if (pixels.kind === 'standardize') return pixels;
  if (pixels.kind === 'caffe') return { mean: caffeMeans, deviation: [1, 1, 1] };
  if (pixels.kind !== 'torch') return null;
  return { mean: torch.mean.map((mean) => 255 * mean), deviation: torch.deviation.map((each) => 255 * each) };
}

function statistics(pixels: Pixels, added: readonly NamedValues[]): Pick<TunedNetwork, 'statistics'> {
  if (pixels.kind !== 'standardize' || added.length > 0) return {};
  return { statistics: { mean: pixels.mean, deviation: pixels.deviation } };
}

/** All layers of the base, with where they take their input from. */
function whole(spec: NetworkData, classes: number): PlacedLayer[] {
  const [height, width, channels] = spec.input;
  return placeLayers(spec, { height, width, channels, classes });
}

function named({ spec: { id, name } }: PortableModel, spec: NetworkData): NetworkData {
  const tuned = id.startsWith(prefix) ? id : `${prefix}${id.replace(/^own-/, '')}`.slice(0, 100);
  const ending = ', fine-tuned';
  const called = name.endsWith(ending) ? name : `${name.slice(0, 200 - ending.length)}${ending}`;
  return { ...spec, id: tuned, name: called };
}

/** What ids of such networks begin with. */
const prefix = 'tuned-';

function refuseOther({ spec }: PortableModel, classes: number, images: ImageShape): void {
  const [height, width] = spec.input;
  if (classes !== images.classes) {
    const details = { expected: images.classes, received: classes };
    throw unfit({ spec }, 'classes', `tells ${classes} classes apart, not ${images.classes}`, details);
  }
  if (height === images.height && width === images.width) return;
  const details = { expected: `${height}×${width}`, received: `${images.height}×${images.width}` };
  throw unfit({ spec }, 'size', `takes images of ${details.expected}, not ${details.received}`, details);
}

function refuseSmall({ spec }: PortableModel, tuned: NetworkData, images: ImageShape): void {
  try {
    placeLayers(tuned, images);
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    const received = `${images.height}×${images.width}`;
    throw unfit({ spec }, 'small', `cannot be built for images of ${received}: ${thrown.message}`, { received });
  }
}

type Reason = 'classes' | 'channels' | 'flat' | 'size' | 'small';

function unfit(
  { spec: { name } }: Pick<PortableModel, 'spec'>,
  reason: Reason,
  why: string,
  details: object,
): AppError {
  return new AppError('train/base-unfit', `${name} ${why}.`, { base: name, reason, ...details });
}
