import type { LayerKind } from '#contract/network.ts';

const groups = {
  core: ['Dense', 'Flatten', 'Reshape', 'Permute', 'Activation'],
  convolution: ['Conv2D', 'DepthwiseConv2D', 'SeparableConv2D', 'Conv2DTranspose'],
  pooling: ['MaxPooling2D', 'AveragePooling2D', 'GlobalMaxPooling2D', 'GlobalAveragePooling2D'],
  normalization: [
    ...(['BatchNormalization', 'LayerNormalization', 'GroupNormalization'] as const),
    ...(['UnitNormalization', 'Normalization'] as const),
  ],
  regularization: ['Dropout', 'SpatialDropout2D', 'GaussianNoise'],
  activation: ['ReLU', 'LeakyReLU', 'PReLU', 'ELU'],
  merging: ['Add', 'Subtract', 'Multiply', 'Average', 'Maximum', 'Minimum', 'Concatenate'],
  image: ['ZeroPadding2D', 'Cropping2D', 'UpSampling2D', 'Resizing', 'Rescaling'],
} as const satisfies Record<string, readonly LayerKind[]>;

export type LayerGroup = keyof typeof groups;

/** As the Keras documentation groups them. What is in none of the groups comes last, so that none is left out. */
export function layerGroups(kinds: readonly LayerKind[]): { group: LayerGroup; kinds: LayerKind[] }[] {
  const grouped = new Set<LayerKind>(Object.values(groups).flat());
  const rest = kinds.filter((kind) => !grouped.has(kind));
  return Object.entries(groups).map(([group, some]) => ({
    group: group as LayerGroup,
    kinds: [
      ...kinds.filter((kind) => (some as readonly LayerKind[]).includes(kind)),
      ...(group === 'image' ? rest : []),
    ],
  }));
}

/** How well a kind is what was typed, 0…1: by its name, or by what is said of it. */
export function matchOf(kind: string, typed: string, said: readonly string[] = []): number {
  const [name, word] = [kind.toLowerCase(), typed.trim().toLowerCase()];
  if (name === word) return 1;
  if (name.startsWith(word)) return 0.8;
  if (name.includes(word)) return 0.6;
  return said.some((each) => each.toLowerCase().includes(word)) ? 0.4 : 0;
}
