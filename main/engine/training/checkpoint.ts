import { createHash } from 'node:crypto';
import { z } from 'zod';
import { monitorValue, type CheckpointPlace } from '#contract/training.ts';
import { presets } from '#engine/model/presets.ts';
import type { ImageShape, NetworkSpec } from '#engine/model/spec.ts';
import { summaryOf } from '#engine/model/summary.ts';
import { figureSums } from './running-figures.ts';
import { Damaged, decodeMetadata, decodeSafetensors, encodeSafetensors } from '#engine/model/safetensors.ts';
import type { NamedArray } from './steps.ts';

/** Raised when the facts change their meaning; older programs then refuse to go on from there. */
const checkpointVersion = 1;

const count = z.number().int().nonnegative();

/** The best epoch so far, by the value that is watched. */
const bestEpoch = z.object({ epoch: count, monitor: monitorValue, value: z.number(), step: count });
export type BestEpoch = z.infer<typeof bestEpoch>;

/** What a run needs beside its weights and its optimizer's slots in order to go on as if nothing had happened. */
export const checkpointFacts = z.object({
  /** ISO 8601. */
  written: z.string(),
  /** Of the loop, between two batches. */
  place: z.object({
    step: count,
    epoch: count,
    batch: count,
    scheduled: count,
    stream: z.object({ pass: count, image: count }),
    sums: figureSums,
  }),
  /** Batches of the epoch that ended last; 0 before one did. */
  lastBatches: count,
  /** Of the epoch under way, without pauses: its training part, and all of it. */
  seconds: z.object({ training: z.number(), epoch: z.number() }),
  batchSize: count,
  schedule: z.unknown(),
  stopping: z.unknown(),
  best: bestEpoch.optional(),
  /** The figures said that it is enough: no epoch follows. */
  ended: z.literal('early-stopping').optional(),
  /** From these each pass has its order, and each step its dropout masks. */
  seed: count,
  data: z.object({ hash: z.string(), classes: z.array(z.string()) }),
  /** `networkFingerprint`. */
  network: z.string(),
  /** SHA-256 of the sample weights; absent without them. */
  sampleWeights: z.string().optional(),
});
export type CheckpointFacts = z.infer<typeof checkpointFacts>;

/** A run between two batches: its facts, its weights and its optimizer's slots. */
export interface Checkpoint {
  readonly facts: CheckpointFacts;
  readonly state: readonly NamedArray[];
}

/** Written by a program that knows more than this one. */
export class NewerCheckpoint extends Error {}

/** A file's bytes, piece after piece. */
export async function encodeCheckpoint({ facts, state }: Checkpoint): Promise<Uint8Array[]> {
  const checkpoint = JSON.stringify({ version: checkpointVersion, ...facts });
  return (await encodeSafetensors(state, { checkpoint })).pieces;
}

/** Rejects with `Damaged`, `NewerCheckpoint`. */
export async function decodeCheckpoint(content: Buffer): Promise<Checkpoint> {
  const { metadata, tensors } = await decodeSafetensors(content);
  return { facts: factsOf(metadata), state: tensors };
}

/** The facts alone, from the beginning of a file of this size; the values are not looked at. Throws as `decodeCheckpoint`. */
export function decodeFacts(start: Buffer, size: number): CheckpointFacts {
  return factsOf(decodeMetadata(start, size));
}

function factsOf({ checkpoint = 'null' }: Readonly<Record<string, string>>): CheckpointFacts {
  const found = parse(checkpoint) as { version?: unknown } | null;
  if (typeof found?.version === 'number' && found.version > checkpointVersion) {
    throw new NewerCheckpoint(`It has format ${found.version}; this Heatlens knows ${checkpointVersion}.`);
  }
  const facts = checkpointFacts.safeParse(found);
  if (facts.success) return facts.data;
  throw new Damaged(`it is no checkpoint: ${z.prettifyError(facts.error).split('\n')[0] ?? 'not JSON'}`);
}

/** As a run shows it: right after an epoch, that epoch with all its batches. */
export function placeOf({ place, lastBatches, written }: CheckpointFacts): CheckpointPlace {
  const { step, epoch, batch } = place;
  return batch === 0 && lastBatches > 0
    ? { step, epoch: epoch - 1, batch: lastBatches, written }
    : { step, epoch, batch, written };
}

/** Equal for networks with the same layers, whose weights fit each other and mean the same. Fails: `model/…`. */
export function networkFingerprint(spec: NetworkSpec, images: ImageShape): string {
  const { input, layers } = summaryOf(spec, images);
  const meaning = layers.map(({ name, kind, outputShape, parameters, settings }) => [
    ...[name, kind, outputShape, parameters],
    settings,
  ]);
  return (
    createHash('sha256')
      // Presets differ in what is said of their layers; two of the user's may differ in what is not.
      .update(
        JSON.stringify([
          spec.preprocessing,
          input,
          images.classes,
          meaning,
          ...(presets.some(({ id }) => id === spec.id) ? [] : [spec.layers]),
        ]),
      )
      .digest('hex')
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
