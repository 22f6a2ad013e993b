import type { EpochRecord, Overfitting, TrainingSettings } from '#contract/training.ts';
import { presets } from '#engine/model/presets.ts';
import type { NetworkSpec } from '#engine/model/spec.ts';

/** Epochs without a better held-out loss before anything is said. */
const patience = 5;
/** The gap must have grown by this part of the best held-out loss… */
const growth = 0.1;
/** …and by so many times what the held-out loss jumps from epoch to epoch. */
const jumps = 4;
/** The training loss must have fallen by this part of itself meanwhile. */
const fall = 0.03;
/** Epochs from which those jumps are told. */
const recently = 15;

/**
 * Whether training goes on getting better while held-out images do not, and from which epoch. Told from losses smoothed
 * over three epochs, so that one bad epoch says nothing; `undefined` also when it cannot be told yet.
 */
export function overfittingOf(
  history: readonly EpochRecord[],
  settings: TrainingSettings,
  spec = knownPreset(settings.preset),
): Overfitting | undefined {
  const epochs = history.flatMap(({ epoch, loss, valLoss }) =>
    valLoss === undefined ? [] : [{ epoch, loss, valLoss }],
  );
  const held = epochs.map(({ valLoss }) => valLoss);
  const train = epochs.map(({ loss }) => loss);
  const [heldSmooth, trainSmooth] = [smoothed(held), smoothed(train)];
  const best = heldSmooth.reduce((least, value, place) => (value < (heldSmooth[least] ?? Infinity) ? place : least), 0);
  const last = epochs.length - 1;
  if (last - best < patience) return undefined;
  const at = (place: number) => ({ train: trainSmooth[place] ?? NaN, held: heldSmooth[place] ?? NaN });
  const [then, now] = [at(best), at(last)];
  const gap = { then: then.held - then.train, now: now.held - now.train };
  const recent = Math.max(0, Math.min(best, last - recently));
  const grown = gap.now - gap.then >= Math.max(growth * then.held, jumps * jump(held.slice(recent)));
  // Training that stands still jumps up and down, too.
  const better = then.train - now.train > Math.max(fall * then.train, 1.5 * jumps * jump(train.slice(recent)));
  if (!grown || !better) return undefined;
  return { since: epochs[best]?.epoch ?? 1, gap, advice: adviceFor(settings, spec) };
}

/** What is not done yet; images that the settings hold back come first. */
export function adviceFor(settings: TrainingSettings, spec = knownPreset(settings.preset)): Overfitting['advice'] {
  const { earlyStopping, optimizer, regularizer, limitTrain } = settings;
  const decays = (optimizer.weightDecay ?? 0) > 0 || (regularizer?.l1 ?? 0) > 0 || (regularizer?.l2 ?? 0) > 0;
  return [
    ...(limitTrain === undefined ? [] : (['more-images'] as const)),
    ...(earlyStopping ? [] : (['early-stopping'] as const)),
    ...(hasDropout(spec) ? [] : (['dropout'] as const)),
    'augmentation',
    ...(decays ? [] : (['weight-decay'] as const)),
    'smaller-network',
    ...(limitTrain === undefined ? (['more-images'] as const) : []),
  ];
}

/** Means over three neighbours; the first and the last take those next to them. */
function smoothed(values: readonly number[]): number[] {
  return values.map((_, place) => {
    const first = Math.max(0, Math.min(place - 1, values.length - 3));
    const some = values.slice(first, first + 3);
    return some.reduce((sum, value) => sum + value, 0) / some.length;
  });
}

/** Median of what lies between two neighbours: a trend makes it larger, a single outlier does not. */
function jump(values: readonly number[]): number {
  const steps = values.slice(1).map((value, place) => Math.abs(value - (values[place] ?? value)));
  return steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
}

const hasDropout = (spec: NetworkSpec | undefined) =>
  spec?.layers.some(({ kind }) => kind === 'Dropout' || kind === 'SpatialDropout2D') ?? false;

const knownPreset = (id: string): NetworkSpec | undefined => presets.find((preset) => preset.id === id);
