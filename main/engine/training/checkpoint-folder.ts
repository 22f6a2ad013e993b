import { createHash } from 'node:crypto';
import { open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#contract/failures.ts';
import type { CheckpointPlace } from '#contract/training.ts';
import { writeAtomic } from '#engine/project/atomic.ts';
import { fileFailure, ifPresent } from '#engine/project/file-failure.ts';
import {
  decodeCheckpoint,
  decodeFacts,
  encodeCheckpoint,
  NewerCheckpoint,
  placeOf,
  type Checkpoint,
  type CheckpointFacts,
} from './checkpoint.ts';
import { Damaged, headerEnd, sha256 } from '#engine/model/safetensors.ts';

/** The best one is kept beside. */
const lastKept = 2;

const named = /^step-(\d+)\.safetensors$/;
const fileName = (step: number) => `step-${String(step).padStart(9, '0')}.safetensors`;

/** Why a checkpoint was passed over. */
export interface PassedOver {
  readonly file: string;
  readonly reason: string;
  readonly newer: boolean;
}

/** What was found on the way to the newest checkpoint that can be used. */
export interface Found<T> {
  readonly found: T | null;
  readonly passedOver: readonly PassedOver[];
}

/**
 * Checkpoints of a run: `checkpoints/step-<steps done>.safetensors`, each whole by itself. The last two and the best are
 * kept; an older one goes only after the newer has been read back. So there is a good one at every moment once the
 * first has been written.
 */
export class CheckpointFolder {
  readonly #folder: string;

  /** @param run the run's own folder */
  constructor(run: string) {
    this.#folder = join(run, 'checkpoints');
  }

  /**
   * Fails: `file/no-space`, `file/not-writable`, `file/unreadable`, `run/torn` when it reads back otherwise than it was
   * written; those before it are then all there.
   */
  async write(checkpoint: Checkpoint): Promise<CheckpointPlace> {
    const { place, best } = checkpoint.facts;
    const file = this.#file(place.step);
    const pieces = await encodeCheckpoint(checkpoint);
    await writeAtomic(file, pieces);
    const found = await digestOf(file).catch((error: unknown) => {
      throw fileFailure(error, file, 'reading');
    });
    if (found !== (await sha256(pieces))) {
      const reason = 'it reads back otherwise than it was written';
      throw new AppError('run/torn', `${file} cannot be used: ${reason}.`, { run: this.#folder, file, reason });
    }
    await this.#prune(best?.step);
    return placeOf(checkpoint.facts);
  }

  /** The newest whole checkpoint. Fails: `file/unreadable`. */
  newest(): Promise<Found<Checkpoint>> {
    return this.#first(async (file) => decodeCheckpoint(await readFile(file)));
  }

  /** Its facts; whether the values are whole is not looked at. Fails: `file/unreadable`. */
  newestFacts(): Promise<Found<CheckpointFacts>> {
    return this.#first(readFacts);
  }

  /** The checkpoint after so many steps. Fails: `run/torn`. */
  async at(step: number): Promise<Checkpoint> {
    const file = this.#file(step);
    try {
      return await decodeCheckpoint(await readFile(file));
    } catch (thrown) {
      const reason = (thrown as Error).message;
      throw new AppError('run/torn', `${file} cannot be used: ${reason}.`, { run: this.#folder, file, reason }, thrown);
    }
  }

  /** Removes those after this step: a run goes on from there. */
  async removeAfter(step: number): Promise<void> {
    for (const each of await this.#steps()) if (each > step) await this.#remove(each);
  }

  async #prune(best: number | undefined): Promise<void> {
    const [, ...older] = await this.#steps();
    const last = older.slice(0, lastKept - 1);
    // Whoever has to fall back to one of these needs the best that it knew.
    const facts = await Promise.all(last.map((step) => readFacts(this.#file(step)).catch(() => null)));
    const kept = new Set([best, ...last, ...facts.map((each) => each?.best?.step)]);
    for (const step of older) if (!kept.has(step)) await this.#remove(step);
  }

  /** Newest first. */
  async #steps(): Promise<number[]> {
    const names = (await ifPresent(readdir(this.#folder))) ?? [];
    const steps = names.flatMap((name) => {
      const [, step] = named.exec(name) ?? [];
      return step === undefined ? [] : [Number(step)];
    });
    return steps.sort((a, b) => b - a);
  }

  async #first<T>(read: (file: string) => Promise<T>): Promise<Found<T>> {
    const passedOver: PassedOver[] = [];
    for (const step of await this.#steps()) {
      const file = this.#file(step);
      try {
        return { found: await read(file), passedOver };
      } catch (thrown) {
        const newer = thrown instanceof NewerCheckpoint;
        if (!newer && !(thrown instanceof Damaged)) throw fileFailure(thrown, file, 'reading');
        passedOver.push({ file, reason: thrown.message, newer });
      }
    }
    return { found: null, passedOver };
  }

  #file(step: number): string {
    return join(this.#folder, fileName(step));
  }

  /** What cannot be removed takes room and does no other harm. */
  async #remove(step: number): Promise<void> {
    await rm(this.#file(step), { force: true }).catch(() => undefined);
  }
}

async function readFacts(file: string): Promise<CheckpointFacts> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const beginning = await handle.read(Buffer.alloc(8), 0, 8, 0);
    const end = Math.min(headerEnd(beginning.buffer.subarray(0, beginning.bytesRead)), size);
    const header = await handle.read(Buffer.alloc(end), 0, end, 0);
    return decodeFacts(header.buffer.subarray(0, header.bytesRead), size);
  } finally {
    await handle.close();
  }
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  const handle = await open(file, 'r');
  try {
    const piece = Buffer.alloc(2 ** 20);
    for (;;) {
      const { bytesRead } = await handle.read(piece, 0, piece.length, null);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(piece.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}
