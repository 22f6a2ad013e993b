import type { LayerKind } from '#engine/model/spec.ts';
import type { RunFacts } from './run-facts.ts';

const random: readonly LayerKind[] = ['Dropout', 'SpatialDropout2D', 'GaussianNoise'];

/** Sentences: what the program does not do as the run did. */
export function differencesOf({ run, model, data, batchSize }: RunFacts, first: boolean): string[] {
  const { settings } = run;
  const { checkpoints, fineTuning, augmentation } = settings;
  const dropped = model.spec.layers.some(({ kind }) => random.includes(kind));
  const notes = ['Images come in the order that Heatlens takes; sums are rounded in another order on other machines.'];
  const say = (words: string, when: boolean) => when && notes.push(words);
  say(
    'Keras draws the masks of dropout and other noise from its own seed: losses agree on average, not to the digit.',
    dropped,
  );
  say(
    'First weights are drawn by Keras’ initializers of the same names, from another stream of numbers.',
    !first && !fineTuning,
  );
  say(
    'The weights of the base were not written: without kept.keras the program would train the network from nothing.',
    !first && fineTuning !== undefined,
  );
  say(
    'Random changes to images have the same ranges, but other draws; augment.py says more.',
    (augmentation?.ops.length ?? 0) > 0,
  );
  say(
    'Outputs of the frozen layers are computed in every step; Heatlens computes them once.',
    fineTuning !== undefined && run.tuned?.layer !== undefined,
  );
  say(
    'Checkpoints are written after epochs, never between: those of every so many batches or minutes are left out.',
    checkpoints?.everyBatches !== undefined || checkpoints?.everyMinutes !== undefined,
  );
  say(
    `Steps take ${batchSize} images, as the run did in the end: memory did not suffice for ${settings.batchSize}.`,
    batchSize !== settings.batchSize,
  );
  say(
    `Images or labels of ${data.summary.name} have changed since the run: the program trains on those of today.`,
    run.dataHash !== undefined && run.dataHash !== data.summary.hash,
  );
  return notes;
}
