import { augmentation } from '#contract/augmentation.ts';
import type { OptimizerSettings, RunEvent, RunSummary, TrainingSettings } from '#contract/training.ts';
import { tf } from '#engine/backend/tensors.ts';
import type { DataSet } from '#engine/data/data-set.ts';
import { cutValidation, firstImages } from '#engine/data/split.ts';
import { presets } from '#engine/model/presets.ts';
import type { NetworkSpec } from '#engine/model/spec.ts';
import { checkContinuable } from '#engine/training/continuation.ts';
import { RunSession } from '#engine/training/run-session.ts';
import type { RunStore } from '#engine/training/run-store.ts';
import { brightness } from './brightness.ts';

/** Small enough for plain JavaScript, with masks that must come again after a restart. */
const tiny: NetworkSpec = {
  id: 'tiny-dropout',
  name: 'Tiny with dropout',
  input: [2, 2, 1],
  preprocessing: 'divide-255',
  source: 'tests',
  layers: [
    { kind: 'Flatten', name: 'flatten' },
    { kind: 'Dense', name: 'dense', units: 8, activation: 'relu' },
    { kind: 'Dropout', name: 'dropout', rate: 0.4 },
    { kind: 'Dense', name: 'dense_1', units: 'classes', activation: 'softmax' },
  ],
};

const optimizers: readonly OptimizerSettings[] = [
  { name: 'sgd', learningRate: 0.05, momentum: 0.9 },
  { name: 'rmsprop', learningRate: 0.005, momentum: 0.5, centered: true },
  { name: 'adam', learningRate: 0.01 },
  { name: 'nadam', learningRate: 0.01 },
];

/** One run for each optimizer; they differ in when they write checkpoints and in how long an epoch is. */
export const roundSettings = (seed: number): TrainingSettings[] =>
  optimizers.map((optimizer, place) => ({
    name: `${optimizer.name} ${seed}`,
    dataset: 'small',
    preset: tiny.id,
    epochs: 12,
    batchSize: 5,
    optimizer,
    seed,
    validation: { amount: { count: 10 }, pick: 'stratified' },
    metrics: ['precision', 'auc'],
    checkpoints: [{}, { everyBatches: 3 }, { everyBatches: 7 }, { everyEpochs: 2 }][place],
    ...(place === 1 && { stepsPerEpoch: 6, initialEpoch: 1 }),
    ...(place === 2 && {
      earlyStopping: { monitor: 'valLoss', patience: 3, minDelta: 0.01, startFrom: 3, restoreBest: true },
    }),
    ...(place === 3 && {
      augmentation: augmentation.parse({ ops: [{ op: 'flip-left-right' }, { op: 'rotation', degrees: 20 }] }),
      schedule: { kind: 'exponential', epochs: 3, rate: 0.8, staircase: false, warmUpEpochs: 0.5 },
    }),
  }));

export async function onPlainJavaScript(): Promise<void> {
  tf.env().set('IS_TEST', true); // no advertisement of tfjs-node on stderr
  await tf.setBackend('cpu');
  addTiny();
}

/** Makes the network known by its name. */
export function addTiny(): void {
  if (!presets.includes(tiny)) (presets as NetworkSpec[]).push(tiny);
}

/** Trains the four runs of this seed side by side to their end; those that were interrupted go on. `moves` hears of new checkpoints. */
export async function trainRound(store: RunStore, seed: number, moves: () => void = () => undefined): Promise<void> {
  const report = (thrown: unknown) => process.stderr.write(`${String(thrown)}\n`);
  const begun: RunSession[] = [];
  for (const settings of roundSettings(seed)) {
    const begins = named(store, settings)?.checkpoint?.step ?? 0;
    const tell = (event: RunEvent) => {
      if (event.kind === 'run' && event.run.checkpoint && event.run.checkpoint.step > begins) moves();
    };
    const session = await begin(store, settings, tell, report);
    if (session) begun.push(session);
  }
  await Promise.all(begun.map((session) => session.run()));
}

/** One of the four, to its end. */
export async function trainOne(
  store: RunStore,
  place: number,
  tell: (event: RunEvent) => void = () => undefined,
): Promise<RunSummary> {
  const settings = roundSettings(1)[place]!;
  const session = await begin(store, settings, tell, () => undefined);
  await session?.run();
  return named(store, settings)!;
}

const named = (store: RunStore, settings: TrainingSettings) => store.list().find(({ name }) => name === settings.name);

/** The session of a run with this name, which goes on where it has a checkpoint; `null` when it is done. */
export async function begin(
  store: RunStore,
  settings: TrainingSettings,
  tell: (event: RunEvent) => void,
  report: (thrown: unknown) => void,
  data: DataSet = brightness(),
): Promise<RunSession | null> {
  let run = named(store, settings);
  if (run?.state === 'done') return null;
  if (run && !run.checkpoint) {
    await store.discard(run.id); // ended before its first checkpoint
    run = undefined;
  }
  const from = run ? await checkContinuable(run, store.folder(run.id), data) : null;
  run ??= await store.create(settings, {
    ...{ state: 'preparing', datasetName: 'Small', presetName: tiny.name, parameters: 0, epochsDone: 0, revision: '0' },
    classes: [...data.classes],
  });
  const { seed, validation } = settings;
  const [source, test] = [data.source('train')!, data.source('test')!];
  const parts = {
    ...{ store, data, spec: tiny, source, test, tell, report },
    cut: cutValidation(source.labels, { validation, seed }),
    testImages: firstImages(test.labels),
    backend: { name: 'cpu', trains: 'small', use: () => Promise.resolve() } as const,
    busy: () => () => undefined,
  };
  return new RunSession(run, parts, from);
}
