import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { AppError } from '#contract/failures.ts';
import { kerasWriter } from '#engine/model/formats/keras/writing/writers.ts';
import { networkOf } from '#engine/model/network.ts';
import type { PortableModel, PortableTraining } from '#engine/model/portable.ts';
import type { CheckpointFacts } from '#engine/training/checkpoint.ts';
import { CheckpointFolder } from '#engine/training/checkpoint-folder.ts';
import { findBeginning } from '#engine/training/fine-tuning/find-beginning.ts';
import { busy } from '#engine/pulse.ts';
import { checkedImages, imagesFor } from '../export/check-images.ts';
import { differenceOf, probabilitiesOf } from '../export/probabilities.ts';
import { readBack } from '../export/read-back.ts';
import { Inference } from '../inference.ts';
import { writeNpz } from './npz.ts';
import type { ProgramParts, RunFacts } from './run-facts.ts';

/** Probabilities further apart than this are another model's. */
const mostApart = 1e-4;
/** Images asked about at once. */
const together = 8;

/** Where a file of weights stands: `load_state` of train.py reads it. */
interface Place {
  /** Epochs done, and steps of the one under way. */
  readonly epoch: number;
  readonly step: number;
  /** Whether the optimizer's state is in the file. */
  readonly optimizer: boolean;
  /** Null: as the optimizer has it. */
  readonly learning_rate: number | null;
  /** Of Keras' callbacks, by class. */
  readonly callbacks: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface WrittenWeights {
  /** Largest difference of any probability when the file was read back, and images whose class is the same. */
  readonly furthest: number;
  readonly agree: number;
  readonly notes: readonly string[];
}

/** `weights/first.keras`: what the run began with, drawn from its seed or brought by the base. Fails: as `findBeginning`. */
export async function writeFirst(
  folder: string,
  facts: RunFacts,
  { base, dataset }: ProgramParts,
  signal?: AbortSignal,
): Promise<WrittenWeights> {
  const { run, model, data } = facts;
  const beginning = await findBeginning(run.settings, data, base);
  const { height, width, channels, classes } = data;
  const images = { height, width, channels, classes: classes.length };
  const built = busy('building the network');
  const network = networkOf(model.spec, images, run.settings.seed, model.pixels, beginning?.weights);
  built();
  await breathe();
  try {
    const weights = network.variables.map(({ name, variable }) => ({
      ...{ name, shape: variable.shape, values: (variable.dataSync() as Float32Array).slice() },
    }));
    const training: PortableTraining | undefined = beginning?.optimizer
      ? { optimizer: run.settings.optimizer, ...beginning.optimizer }
      : undefined;
    const place: Place = {
      ...{ epoch: run.settings.initialEpoch ?? 0, step: 0, optimizer: training !== undefined },
      ...{ learning_rate: null, callbacks: {} },
    };
    const inference = new Inference(network);
    const answers = (pixels: Uint8Array, count: number) => probabilitiesOf(inference.logits(pixels, count), count);
    const { training: _, ...plain } = model;
    const written = { ...plain, weights, ...(training && { training }) };
    return await write(folder, 'first', { model: written, place, facts, dataset, answers }, signal);
  } finally {
    network.dispose();
  }
}

/** `weights/kept.keras`: what the run has, with its optimizer's state where that is known. */
export async function writeKept(
  folder: string,
  facts: RunFacts,
  ref: string,
  { models, dataset }: ProgramParts,
  signal?: AbortSignal,
): Promise<WrittenWeights> {
  const { run, model } = facts;
  const [, at] = ref.split('@');
  const found = await stateOf(facts);
  const epoch = at === undefined ? run.epochsDone : at === 'best' ? (run.best?.epoch ?? run.epochsDone) : Number(at);
  const place: Place = found
    ? placeOf(found.facts, run.settings.schedule?.kind)
    : { epoch, step: 0, optimizer: false, learning_rate: null, callbacks: {} };
  const notes = found
    ? []
    : ['The optimizer’s state belongs to other weights of this run and is left out: going on begins with a fresh one.'];
  if (
    found?.facts.best &&
    run.settings.earlyStopping?.restoreBest &&
    found.facts.best.step !== found.facts.place.step
  ) {
    notes.push('Going on, weights of the best epoch are looked for among the epochs that the program trains itself.');
  }
  const { training: _, ...plain } = model;
  const opened = busy('opening the model');
  const written = await models
    .use(ref, ({ inference }) => {
      opened();
      const answers = (pixels: Uint8Array, count: number) => probabilitiesOf(inference.logits(pixels, count), count);
      const whole = { ...plain, ...(found && { training: found.training }) };
      return write(folder, 'kept', { model: whole, place, facts, dataset, answers }, signal);
    })
    .finally(opened);
  return { ...written, notes: [...written.notes, ...notes] };
}

interface Writing {
  readonly model: PortableModel;
  readonly place: Place;
  readonly facts: RunFacts;
  readonly dataset: ProgramParts['dataset'];
  readonly answers: (pixels: Uint8Array, count: number) => Float32Array;
}

/** The file, its place, and what Heatlens answers about some images; read back and compared. Fails: `model/export-differs`. */
async function write(
  folder: string,
  name: 'first' | 'kept',
  { model, place, facts, dataset, answers }: Writing,
  signal?: AbortSignal,
): Promise<WrittenWeights> {
  const path = join(folder, `${name}.keras`);
  const options = { pixels: 'inside', optimizer: true, weights: 'variables', auxiliary: true } as const;
  const { notes } = await kerasWriter.write(model, path, options, signal);
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify(place, null, 2)}\n`);
  const pixels = await imagesFor(facts.known, dataset);
  const bytes = pixels.length / checkedImages;
  const classes = facts.data.classes.length;
  const probabilities = new Float32Array(checkedImages * classes);
  const reading = busy('reading the file back');
  const several = (model.spec.auxiliary ?? []).length > 0;
  const read = several ? null : await readBack('keras')(path, model, signal).finally(reading);
  reading();
  await breathe();
  let [furthest, agree] = [0, 0];
  try {
    for (let from = 0; from < checkedImages; from += together) {
      signal?.throwIfAborted();
      const some = pixels.subarray(from * bytes, (from + together) * bytes);
      const ours = answers(some, together);
      probabilities.set(ours, from * classes);
      await breathe();
      const found = read
        ? differenceOf(ours, read.answers(some, together), together)
        : { furthest: 0, agree: together };
      furthest = Math.max(furthest, found.furthest);
      agree += found.agree;
      await breathe();
    }
  } finally {
    read?.dispose();
  }
  if (furthest > mostApart) {
    const difference = furthest.toPrecision(2);
    const message = `${name}.keras was written but answers differently when read back (by ${difference}).`;
    throw new AppError('model/export-differs', message, { format: 'keras', difference });
  }
  const { height, width, channels } = facts.data;
  await writeNpz(join(folder, `${name}-check.npz`), {
    images: { values: pixels, shape: [checkedImages, height, width, channels] },
    probabilities: { values: probabilities, shape: [checkedImages, classes] },
  });
  return { furthest, agree, notes };
}

/** The checkpoint whose weights these are: the newest or the best; null where it is neither. */
async function stateOf({ run, model, folder }: RunFacts) {
  const checkpoints = new CheckpointFolder(folder);
  const newest = (await checkpoints.newest().catch(() => ({ found: null }))).found;
  const best = newest?.facts.best;
  const candidates = [newest, best ? await checkpoints.at(best.step).catch(() => null) : null];
  for (const found of candidates) {
    const state = new Map(found?.state.map((array) => [array.name, array.values]));
    if (!found || !model.weights.every(({ name, values }) => equal(values, state.get(name)))) continue;
    const own = new Set(model.weights.map(({ name }) => name));
    const { optimizer, loss } = run.settings;
    const training: PortableTraining = {
      ...{ optimizer, step: found.facts.place.step, ...(loss && { loss }) },
      slots: found.state.filter(({ name }) => !own.has(name)),
    };
    return { facts: found.facts, training };
  }
  return null;
}

function equal(a: Float32Array, b: Float32Array | undefined): boolean {
  return b?.length === a.length && a.every((value, place) => value === b[place]);
}

/** What the callbacks of Keras remember, from what ours do. */
function placeOf({ place, schedule, stopping }: CheckpointFacts, kind: string | undefined): Place {
  const watched = stopping as { best: { epoch: number; value: number } | null; wait: number } | null;
  const plateau = kind === 'plateau' ? (schedule as PlateauState | null) : null;
  return {
    ...{ epoch: place.epoch - 1, step: place.batch, optimizer: true, learning_rate: plateau?.rate ?? null },
    callbacks: {
      ...(watched?.best && {
        EarlyStopping: { best: watched.best.value, best_epoch: watched.best.epoch - 1, wait: watched.wait },
      }),
      ...(plateau?.best != null && {
        ReduceLROnPlateau: { best: plateau.best, wait: plateau.wait, cooldown_counter: plateau.cooldown },
      }),
    },
  };
}

interface PlateauState {
  readonly rate: number;
  readonly best: number | null;
  readonly wait: number;
  readonly cooldown: number;
}
