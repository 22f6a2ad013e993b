import type { ClassName, ModelLook, PixelTreatment } from '#contract/models.ts';
import { preprocessing, type Preprocessing } from '#contract/network.ts';

/** Where the classes' names are taken from. */
export type Naming = 'file' | 'imagenet' | 'numbers' | 'list' | 'dataset';

/** What a person says of a model file. */
export interface ModelForm {
  readonly name: string;
  /** Of weights alone: the network that they belong to. */
  readonly network: string;
  /** `file`: as the file says. */
  readonly pixels: Preprocessing | 'file';
  readonly naming: Naming;
  /** One name a line. */
  readonly list: string;
  /** Names of the data set that was chosen. */
  readonly dataset: string;
}

const imagenetSize = 1000;

/**
 * Keras' applications by the names they give themselves, and what their `preprocess_input` does. EfficientNet,
 * ConvNeXt and RegNet do it in their first layers.
 */
const families: readonly (readonly [RegExp, Preprocessing])[] = [
  [/efficientnet|convnext|regnet|mobilenetv3/i, 'none'],
  [/resnet.*v2|inception|xception|mobilenet|nasnet/i, 'minus-one-to-one'],
  [/densenet/i, 'torch'],
  [/resnet|vgg/i, 'caffe'],
];

/** Of files that do not say it: by the name of a family; null where that says nothing. */
export function usualPixels({ name, network, classes }: ModelLook): Preprocessing | null {
  if (!network || network.channels !== 3 || classes) return null;
  return families.find(([family]) => family.test(name))?.[1] ?? null;
}

export function modelForm(look: ModelLook): ModelForm {
  return {
    name: look.name,
    network: '',
    pixels: look.pixels ? 'file' : (usualPixels(look) ?? 'none'),
    naming: look.classes ? 'file' : look.network?.classes === imagenetSize ? 'imagenet' : 'numbers',
    list: '',
    dataset: '',
  };
}

/** The treatments that images of so many channels can have. */
export function treatments(look: ModelLook): (Preprocessing | 'file')[] {
  const colour = (look.network?.channels ?? 3) === 3;
  const fit = preprocessing.options.filter((kind) => colour || (kind !== 'caffe' && kind !== 'torch'));
  return look.pixels ? ['file', ...fit] : fit;
}

export function namings(look: ModelLook, sets: number): Naming[] {
  return [
    ...(look.classes ? (['file'] as const) : []),
    ...(look.network === undefined || look.network.classes === imagenetSize ? (['imagenet'] as const) : []),
    'numbers',
    'list',
    ...(sets > 0 ? (['dataset'] as const) : []),
  ];
}

export const linesOf = (list: string): string[] =>
  list
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** How many names are too many or too few; null where they fit. */
export function listProblem(
  { network }: ModelLook,
  { naming, list }: ModelForm,
): { have: number; want: number } | null {
  if (naming !== 'list') return null;
  const have = linesOf(list).length;
  const want = network?.classes ?? have;
  return have === want && have > 0 ? null : { have, want };
}

/** The call. @param named classes of the data set that was chosen */
export function openingOf(
  look: ModelLook,
  { name, network, pixels, naming, list }: ModelForm,
  named: readonly string[] = [],
): {
  path: string;
  name?: string;
  network?: string;
  pixels?: PixelTreatment;
  classes?: ClassName[] | 'imagenet';
} {
  const labels = naming === 'list' ? linesOf(list) : named;
  return {
    path: look.path,
    ...(name.trim() !== '' && { name: name.trim() }),
    ...(look.format === 'h5-weights' && { network }),
    // A network that is known says itself what it wants.
    ...(pixels !== 'file' && look.format !== 'h5-weights' && { pixels: { kind: pixels } }),
    ...(naming === 'imagenet' && { classes: 'imagenet' as const }),
    ...((naming === 'list' || naming === 'dataset') && { classes: labels.map((label) => ({ label })) }),
    ...(naming === 'numbers' &&
      look.classes && { classes: look.classes.map((_, place) => ({ label: String(place) })) }),
  };
}
