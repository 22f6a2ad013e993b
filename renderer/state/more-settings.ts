import {
  optimizerDefaults,
  type LossName,
  type MetricName,
  type Monitor,
  type OptimizerName,
  type OptimizerSettings,
  type ScheduleSettings,
  type TrainingSettings,
} from '#contract/training.ts';
import { learningRate as rateText } from '#ui/format.ts';

/** What most runs leave as it is; fields hold what was typed. An empty text is Keras' default or "none". */
export interface MoreForm {
  loss: LossName;
  from: 'auto' | 'probabilities' | 'logits';
  labelSmoothing: string;
  delta: string;
  metrics: MetricName[];
  schedule: ScheduleSettings['kind'];
  every: string;
  factor: string;
  staircase: boolean;
  floor: string;
  watched: Monitor;
  patience: string;
  plateauDelta: string;
  cooldown: string;
  least: string;
  warmUp: string;
  stopEarly: boolean;
  stopWatched: Monitor;
  stopPatience: string;
  minDelta: string;
  startFrom: string;
  restoreBest: boolean;
  /** Of each, whichever comes first. */
  everyEpochs: string;
  everyBatches: string;
  everyMinutes: string;
  /** Weights of every n-th epoch are kept, to look back at. */
  snapshots: boolean;
  snapshotEvery: string;
  weightDecay: string;
  clip: 'none' | 'clipNorm' | 'clipValue' | 'globalClipNorm';
  clipTo: string;
  l1: string;
  l2: string;
  classWeights: 'equal' | 'balanced' | 'own';
  /** One number a class, with commas or spaces between them. */
  ownWeights: string;
  sampleWeightsFile: string;
  /** `network`: what the network says. */
  pixels: 'network' | NonNullable<TrainingSettings['pixels']>;
  shuffle: boolean;
  perEpoch: string;
  validationSteps: string;
  validationEvery: string;
  initialEpoch: string;
  compile: boolean;
}

type Text = {
  [Key in keyof MoreForm]: MoreForm[Key] extends string ? (string extends MoreForm[Key] ? Key : never) : never;
};
/** Fields that are typed. */
export type MoreNumber = Text[keyof MoreForm];

export const emptyMore: MoreForm = {
  loss: 'sparse_categorical_crossentropy',
  from: 'auto',
  labelSmoothing: '',
  delta: '',
  metrics: [],
  schedule: 'constant',
  every: '10',
  factor: '0.5',
  staircase: false,
  floor: '0',
  watched: 'valLoss',
  patience: '5',
  plateauDelta: '',
  cooldown: '0',
  least: '0',
  warmUp: '',
  stopEarly: false,
  stopWatched: 'valLoss',
  stopPatience: '5',
  minDelta: '',
  startFrom: '',
  restoreBest: true,
  everyEpochs: '',
  everyBatches: '',
  everyMinutes: '',
  snapshots: false,
  snapshotEvery: '1',
  weightDecay: '',
  clip: 'none',
  clipTo: '1',
  l1: '',
  l2: '',
  classWeights: 'equal',
  ownWeights: '',
  sampleWeightsFile: '',
  pixels: 'network',
  shuffle: true,
  perEpoch: '',
  validationSteps: '',
  validationEvery: '',
  initialEpoch: '',
  compile: true,
};

/** Keras' min_delta of ReduceLROnPlateau. */
export const plateauDelta = 1e-4;

const text = (value: number | undefined) => (value === undefined || value === 0 ? '' : rateText(value));

/** The form that would start a run with these settings. */
export function moreOf(settings: TrainingSettings): MoreForm {
  const { loss, schedule, earlyStopping, checkpoints, optimizer, regularizer } = settings;
  const clip = (['clipNorm', 'clipValue', 'globalClipNorm'] as const).find((name) => optimizer[name] !== undefined);
  const { classWeights } = settings;
  return {
    ...emptyMore,
    ...(loss && { loss: loss.name, labelSmoothing: text(loss.labelSmoothing), delta: text(loss.delta) }),
    from: loss?.fromLogits === undefined ? 'auto' : loss.fromLogits ? 'logits' : 'probabilities',
    metrics: [...(settings.metrics ?? [])],
    ...(schedule && scheduleFields(schedule)),
    ...(earlyStopping && {
      stopEarly: true,
      stopWatched: earlyStopping.monitor,
      stopPatience: String(earlyStopping.patience),
      minDelta: text(earlyStopping.minDelta),
      startFrom: earlyStopping.startFrom === 1 ? '' : String(earlyStopping.startFrom),
      restoreBest: earlyStopping.restoreBest,
    }),
    everyEpochs: text(checkpoints?.everyEpochs),
    everyBatches: text(checkpoints?.everyBatches),
    everyMinutes: text(checkpoints?.everyMinutes),
    ...(settings.snapshotEvery !== undefined && { snapshots: true, snapshotEvery: String(settings.snapshotEvery) }),
    weightDecay: decayText(optimizer),
    clip: clip ?? 'none',
    clipTo: clip ? rateText(optimizer[clip] ?? 1) : '1',
    l1: text(regularizer?.l1),
    l2: text(regularizer?.l2),
    classWeights: Array.isArray(classWeights) ? 'own' : (classWeights ?? 'equal'),
    ownWeights: Array.isArray(classWeights) ? classWeights.join(', ') : '',
    sampleWeightsFile: settings.sampleWeightsFile ?? '',
    pixels: settings.pixels ?? 'network',
    shuffle: settings.shuffle ?? true,
    perEpoch: text(settings.stepsPerEpoch),
    validationSteps: text(settings.validationSteps),
    validationEvery: text(settings.validationFrequency),
    initialEpoch: text(settings.initialEpoch),
    compile: settings.compile ?? true,
  };
}

/** AdamW decays by itself: that is its default, not a setting. */
function decayText({ name, weightDecay }: OptimizerSettings): string {
  const own = optimizerDefaults[name].weightDecay;
  if (weightDecay === undefined || weightDecay === (own ?? 0)) return '';
  return rateText(weightDecay);
}

function scheduleFields(schedule: ScheduleSettings): Partial<MoreForm> {
  const warmUp = text(schedule.warmUpEpochs);
  switch (schedule.kind) {
    case 'constant':
      return { schedule: 'constant', warmUp };
    case 'step':
      return { schedule: 'step', every: String(schedule.epochs), factor: rateText(schedule.factor), warmUp };
    case 'exponential': {
      const { epochs, rate, staircase } = schedule;
      return { schedule: 'exponential', every: String(epochs), factor: rateText(rate), staircase, warmUp };
    }
    case 'cosine':
      return { schedule: 'cosine', floor: rateText(schedule.floor), warmUp };
    case 'plateau': {
      const { monitor, factor, patience, minDelta, cooldown, least } = schedule;
      const numbers = {
        patience: String(patience),
        plateauDelta: minDelta === plateauDelta ? '' : rateText(minDelta),
        cooldown: String(cooldown),
        least: rateText(least),
      };
      return { schedule: 'plateau', watched: monitor, factor: rateText(factor), ...numbers, warmUp };
    }
  }
}

export interface Readers {
  whole(field: MoreNumber, text: string, low: number, high: number): number;
  real(field: MoreNumber, text: string, low: number, high: number, open: boolean): number;
}

type Read = Omit<Partial<TrainingSettings>, 'optimizer'> & { decayAndClip: Partial<OptimizerSettings> };

/** What differs from the defaults; wrong fields are told to the readers. */
export function readMore(
  form: MoreForm,
  { optimizer, epochs }: { optimizer: OptimizerName; epochs: number },
  { whole, real }: Readers,
): Read {
  const given = (field: MoreNumber) => form[field].trim() !== '';
  const wholeIf = (field: MoreNumber, low: number, high: number) =>
    given(field) ? whole(field, form[field], low, high) : undefined;
  const realIf = (field: MoreNumber, low: number, high: number, open: boolean) =>
    given(field) ? real(field, form[field], low, high, open) : undefined;

  const smooth = form.loss === 'categorical_crossentropy' || form.loss === 'binary_crossentropy';
  const loss = {
    name: form.loss,
    fromLogits: form.from === 'auto' ? undefined : form.from === 'logits',
    labelSmoothing: smooth ? realIf('labelSmoothing', 0, 1, false) : undefined,
    delta: form.loss === 'huber' ? realIf('delta', 0, 1000, true) : undefined,
  };
  const plainLoss = loss.name === emptyMore.loss && loss.fromLogits === undefined;
  const schedule = readSchedule(form, whole, real, realIf('warmUp', 0, 100_000, false));
  const earlyStopping = form.stopEarly && {
    monitor: form.stopWatched,
    patience: whole('stopPatience', form.stopPatience, 0, 100_000),
    minDelta: realIf('minDelta', 0, 1e9, false) ?? 0,
    startFrom: wholeIf('startFrom', 1, 100_000) ?? 1,
    restoreBest: form.restoreBest,
  };
  const checkpoints = without({
    everyEpochs: wholeIf('everyEpochs', 1, 100_000),
    everyBatches: wholeIf('everyBatches', 1, 100_000_000),
    everyMinutes: realIf('everyMinutes', 0, 100_000, true),
  });
  const l1 = realIf('l1', 0, 1000, false) ?? 0;
  const l2 = realIf('l2', 0, 1000, false) ?? 0;
  const weightDecay = realIf('weightDecay', 0, 1, false) ?? optimizerDefaults[optimizer].weightDecay;
  const clip = form.clip !== 'none' && { [form.clip]: real('clipTo', form.clipTo, 0, 1e9, true) };
  return {
    ...without({
      loss: plainLoss ? undefined : without(loss),
      metrics: form.metrics.length > 0 ? form.metrics : undefined,
      schedule,
      earlyStopping: earlyStopping || undefined,
      checkpoints: Object.keys(checkpoints).length > 0 ? checkpoints : undefined,
      regularizer: l1 > 0 || l2 > 0 ? { l1, l2 } : undefined,
      classWeights: readClassWeights(form, real),
      sampleWeightsFile: form.sampleWeightsFile.trim() || undefined,
      pixels: form.pixels === 'network' ? undefined : form.pixels,
      shuffle: form.shuffle ? undefined : false,
      compile: form.compile ? undefined : false,
      stepsPerEpoch: wholeIf('perEpoch', 1, 100_000_000),
      validationSteps: wholeIf('validationSteps', 1, 100_000_000),
      validationFrequency: wholeIf('validationEvery', 1, 100_000),
      initialEpoch: wholeIf('initialEpoch', 0, Math.max(0, epochs - 1)),
      snapshotEvery: form.snapshots ? whole('snapshotEvery', form.snapshotEvery, 1, 100_000) : undefined,
    }),
    decayAndClip: without({ weightDecay, ...(clip || {}) }),
  } as Read;
}

function readSchedule(
  form: MoreForm,
  whole: Readers['whole'],
  real: Readers['real'],
  warmUpEpochs: number | undefined,
) {
  const warm = warmUpEpochs === undefined ? {} : { warmUpEpochs };
  const epochs = () => whole('every', form.every, 1, 100_000);
  const factor = () => real('factor', form.factor, 0, 1, true);
  switch (form.schedule) {
    case 'constant':
      return warmUpEpochs ? { kind: 'constant' as const, ...warm } : undefined;
    case 'step':
      return { kind: 'step' as const, epochs: epochs(), factor: factor(), ...warm };
    case 'exponential':
      return { kind: 'exponential' as const, epochs: epochs(), rate: factor(), staircase: form.staircase, ...warm };
    case 'cosine':
      return { kind: 'cosine' as const, floor: real('floor', form.floor, 0, 1, false), ...warm };
    case 'plateau':
      return {
        kind: 'plateau' as const,
        monitor: form.watched,
        factor: real('factor', form.factor, 0, 0.999_999, true),
        patience: whole('patience', form.patience, 1, 100_000),
        minDelta:
          form.plateauDelta.trim() === '' ? plateauDelta : real('plateauDelta', form.plateauDelta, 0, 1e9, false),
        cooldown: whole('cooldown', form.cooldown, 0, 100_000),
        least: real('least', form.least, 0, 100, false),
        ...warm,
      };
  }
}

/** How many there must be, only the engine knows for sure (`train/settings`). */
function readClassWeights({ classWeights, ownWeights }: MoreForm, real: Readers['real']) {
  if (classWeights === 'equal') return undefined;
  if (classWeights === 'balanced') return 'balanced' as const;
  const words = ownWeights.split(/[\s,;，；、]+/).filter((word) => word !== '');
  if (words.length === 0) real('ownWeights', '', 0, 1e9, false);
  return words.map((word) => real('ownWeights', word, 0, 1e9, false));
}

/** Without the entries that are undefined. */
function without<T extends object>(entries: T): Partial<T> {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as Partial<T>;
}
