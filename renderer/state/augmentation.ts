import { augmentationOp, type Augmentation, type AugmentationOp } from '#contract/augmentation.ts';

export type OpKind = AugmentationOp['op'];
export const opKinds: readonly OpKind[] = augmentationOp.options.map(({ shape }) => shape.op.value);

/** Images as they are. */
export const noAugmentation: Augmentation = { ops: [], fill: 'nearest', fillValue: 0, interpolation: 'bilinear' };

/** A number of an op, as the contract has it, and how it is shown. */
export interface OpNumber {
  readonly key: string;
  /** What the engine takes. */
  readonly low: number;
  readonly high: number;
  /** Where a slider ends: further out hardly anything is left of a picture. */
  readonly reach: readonly [from: number, to: number];
  readonly step: number;
  /** What is shown is so many times the number. */
  readonly times: number;
  readonly unit: 'degrees' | 'percent' | 'factor' | 'pixels' | 'levels';
  /** The other end of the same range: this one never passes it. */
  readonly until?: string;
  readonly from?: string;
}

const part = (key: string, reach: number, high = 1): OpNumber => {
  return { key, low: 0, high, reach: [0, reach], step: 0.01, times: 100, unit: 'percent' };
};
const factor = (key: 'low' | 'high', low: number, reach: readonly [number, number]): OpNumber => {
  const other = key === 'low' ? { until: 'high' } : { from: 'low' };
  return { key, low, high: 10, reach, step: 0.05, times: 1, unit: 'factor', ...other };
};
const angle = (high: number, reach: number): OpNumber => {
  return { key: 'degrees', low: 0, high, reach: [0, reach], step: 1, times: 1, unit: 'degrees' };
};

/** The numbers of each op in the order in which they are shown; `probability` comes after them. */
export const opNumbers: Readonly<Record<OpKind, readonly OpNumber[]>> = {
  'flip-left-right': [],
  'flip-up-down': [],
  'random-crop': [{ key: 'padding', low: 0, high: 512, reach: [0, 32], step: 1, times: 1, unit: 'pixels' }],
  'crop-and-resize': [
    { ...part('least', 1), low: 0.01, reach: [0.05, 1], until: 'most' },
    { ...part('most', 1), low: 0.01, reach: [0.05, 1], from: 'least' },
  ],
  brightness: [part('delta', 1)],
  contrast: [factor('low', 0, [0, 3]), factor('high', 0, [0, 3])],
  saturation: [factor('low', 0, [0, 3]), factor('high', 0, [0, 3])],
  hue: [{ key: 'delta', low: 0, high: 0.5, reach: [0, 0.5], step: 1 / 360, times: 360, unit: 'degrees' }],
  rotation: [angle(180, 180)],
  shift: [part('width', 0.5), part('height', 0.5)],
  shear: [angle(89, 45)],
  zoom: [factor('low', 0.05, [0.2, 2]), factor('high', 0.05, [0.2, 2])],
  'channel-shift': [{ key: 'range', low: 0, high: 255, reach: [0, 128], step: 1, times: 1, unit: 'levels' }],
};

export const probability: OpNumber = part('probability', 1);

const beginnings: Readonly<Record<OpKind, AugmentationOp>> = {
  'flip-left-right': { op: 'flip-left-right' },
  'flip-up-down': { op: 'flip-up-down' },
  'random-crop': { op: 'random-crop', padding: 4 },
  'crop-and-resize': { op: 'crop-and-resize', least: 0.7, most: 1 },
  brightness: { op: 'brightness', delta: 0.15 },
  contrast: { op: 'contrast', low: 0.8, high: 1.25 },
  saturation: { op: 'saturation', low: 0.7, high: 1.3 },
  hue: { op: 'hue', delta: 0.05 },
  rotation: { op: 'rotation', degrees: 10 },
  shift: { op: 'shift', width: 0.1, height: 0.1 },
  shear: { op: 'shear', degrees: 10 },
  zoom: { op: 'zoom', low: 0.9, high: 1.1, together: true },
  'channel-shift': { op: 'channel-shift', range: 20 },
};

/** As it is added: changes that leave a picture what it is. */
export const newOp = (kind: OpKind): AugmentationOp => beginnings[kind];

export type Starter = 'photos' | 'digits' | 'cifar';
export const starters: Readonly<Record<Starter, Augmentation>> = {
  photos: {
    ...noAugmentation,
    ops: [newOp('flip-left-right'), newOp('rotation'), newOp('zoom'), newOp('brightness')],
    fill: 'reflect',
  },
  /** Digits have no mirror image; paper lies around them. */
  digits: {
    ...noAugmentation,
    ops: [{ op: 'rotation', degrees: 8 }, newOp('shift')],
    fill: 'constant',
  },
  /** Deep Residual Learning (He et al. 2015), 4.2: 4 pixels of zeros on each side, a crop of the old size, a flip. */
  cifar: { ...noAugmentation, ops: [newOp('flip-left-right'), newOp('random-crop')] },
};

export function numberOf(op: AugmentationOp, key: string): number {
  const value = (op as unknown as Record<string, unknown>)[key];
  if (typeof value === 'number') return value;
  return key === 'probability' ? usualProbability(op.op) : 0;
}

/** Of an op that says nothing of it. */
export function usualProbability(kind: OpKind): number {
  return kind === 'flip-left-right' || kind === 'flip-up-down' ? 0.5 : 1;
}

/** The op with another number, kept within its limits; the other end of its range gives way. */
export function withNumber(op: AugmentationOp, { key, low, high, unit, until, from }: OpNumber, to: number) {
  const limited = Math.min(high, Math.max(low, unit === 'pixels' ? Math.round(to) : to));
  const changed: Record<string, unknown> = { ...op, [key]: limited };
  if (until) changed[until] = Math.max(limited, numberOf(op, until));
  if (from) changed[from] = Math.min(limited, numberOf(op, from));
  if (key === 'probability' && limited === usualProbability(op.op)) delete changed.probability;
  return changed as unknown as AugmentationOp;
}

/** A number as it is shown, without the dust of binary fractions. */
export function shown(value: number, { times }: OpNumber): number {
  return Number((value * times).toFixed(2));
}

/** The shown numbers of an op by their names, for the sentence that tells of it. */
export function brief(op: AugmentationOp): Record<string, number> {
  const numbers = [...opNumbers[op.op], probability];
  return Object.fromEntries(numbers.map((number) => [number.key, shown(numberOf(op, number.key), number)]));
}

export const changed = (ops: readonly AugmentationOp[], place: number, op: AugmentationOp): AugmentationOp[] =>
  ops.map((each, at) => (at === place ? op : each));

export const removed = (ops: readonly AugmentationOp[], place: number): AugmentationOp[] =>
  ops.filter((_, at) => at !== place);

/** One place up (−1) or down (1); at the end of the list it stays. */
export function moved(ops: readonly AugmentationOp[], place: number, by: -1 | 1): AugmentationOp[] {
  const [op, other] = [ops[place], ops[place + by]];
  if (!op || !other) return [...ops];
  return changed(changed(ops, place, other), place + by, op);
}

/** So many images of a set, far apart, and others for every other `draw`. */
export function someImages(count: number, images: number, draw: number): number[] {
  const found = new Set<number>();
  // Steps of the golden section fall evenly over 0…1 without repeating.
  for (let step = draw * count; found.size < Math.min(count, images) && step < draw * count + 64; step++) {
    found.add(Math.floor(((0.5 + step * 0.618_033_988_749_895) % 1) * images));
  }
  return [...found];
}
