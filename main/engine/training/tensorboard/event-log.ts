import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BatchRecord, EpochRecord } from '#contract/training.ts';
import { scalarEvent, versionEvent, type Scalar } from './event.ts';
import { tfRecord } from './record.ts';

/** Events built between two turns of the event loop: at most some 3 ms. */
const chunk = 250;

/** Sets the files of one process apart that begin in the same second. */
let files = 0;

interface Stamped {
  /** Seconds since 1970. */
  readonly at: number;
  readonly step: number;
  readonly scalars: readonly Scalar[];
}

/**
 * A run's curves for TensorBoard, beside its own history: `tensorboard/train` and `tensorboard/validation` in the run's
 * folder, with the tags and steps of Keras' TensorBoard callback (`epoch_loss` counts epochs from 0, `batch_loss` counts
 * batches from 1; each batch's own, not the mean so far). Nobody waits for it: what cannot be written is reported, and the
 * next part begins another file, for nothing can be read behind a torn record.
 */
export class EventLog {
  readonly #folder: string;
  readonly #report: (thrown: unknown) => void;
  readonly #files = new Map<string, string>();
  #batches: { readonly at: number; readonly record: BatchRecord }[] = [];
  #written: Promise<void> = Promise.resolve();

  /** @param folder the run's own */
  constructor(folder: string, report: (thrown: unknown) => void) {
    this.#folder = join(folder, 'tensorboard');
    this.#report = report;
  }

  /** Kept until `flush`. */
  batch(record: BatchRecord): void {
    this.#batches.push({ at: Date.now() / 1000, record });
  }

  epoch(record: EpochRecord): void {
    const at = Date.now() / 1000;
    // Keras counts from 0.
    const step = record.epoch - 1;
    this.#write('train', [{ at, step, scalars: trainScalars(record) }]);
    const validation = validationScalars(record);
    if (validation.length > 0) this.#write('validation', [{ at, step, scalars: validation }]);
  }

  /** Writes the batches heard so far. */
  flush(): void {
    const batches = this.#batches;
    this.#batches = [];
    const events = batches.map(({ at, record: { step, loss, accuracy } }): Stamped => {
      return { at, step, scalars: [scalar('batch_loss', loss), scalar('batch_accuracy', accuracy)] };
    });
    if (events.length > 0) this.#write('train', events);
  }

  /** Batches that come again are not written twice; what follows goes to a new file. */
  forget(): void {
    this.#batches = [];
    this.#files.clear();
  }

  /** Settles when all is on disk, or was reported. */
  async end(): Promise<void> {
    this.flush();
    await this.#written;
  }

  #write(part: 'train' | 'validation', events: readonly Stamped[]): void {
    this.#written = this.#written
      .then(() => this.#append(part, events))
      .catch((thrown: unknown) => {
        this.#files.delete(part);
        this.#report(thrown);
      });
  }

  async #append(part: string, events: readonly Stamped[]): Promise<void> {
    const file = this.#files.get(part) ?? (await this.#begun(part));
    for (let from = 0; from < events.length; from += chunk) {
      const records = events.slice(from, from + chunk).map(({ at, step, scalars }) => {
        return tfRecord(scalarEvent(at, step, scalars));
      });
      await appendFile(file, Buffer.concat(records));
    }
  }

  /** TensorBoard reads the files of a folder in the order of their names, which begin with the time. */
  async #begun(part: string): Promise<string> {
    const folder = join(this.#folder, part);
    await mkdir(folder, { recursive: true });
    const now = Date.now() / 1000;
    const seconds = String(Math.floor(now)).padStart(10, '0');
    const file = join(folder, `events.out.tfevents.${seconds}.heatlens.${process.pid}.${files++}.v2`);
    await appendFile(file, tfRecord(versionEvent(now)));
    this.#files.set(part, file);
    return file;
  }
}

const scalar = (tag: string, value: number): Scalar => ({ tag, value });

function trainScalars({ loss, accuracy, learningRate, metrics, outputs }: EpochRecord): Scalar[] {
  return [
    scalar('epoch_loss', loss),
    scalar('epoch_accuracy', accuracy),
    scalar('epoch_learning_rate', learningRate),
    ...moreScalars(metrics, outputs),
  ];
}

function validationScalars({ valLoss, valAccuracy, valMetrics, valOutputs }: EpochRecord): Scalar[] {
  return [
    ...(valLoss === undefined ? [] : [scalar('epoch_loss', valLoss)]),
    ...(valAccuracy === undefined ? [] : [scalar('epoch_accuracy', valAccuracy)]),
    ...moreScalars(valMetrics, valOutputs),
  ];
}

/** Outputs beside the first are named as Keras names them: `epoch_<output>_loss`. */
function moreScalars(metrics: EpochRecord['metrics'], outputs: EpochRecord['outputs']): Scalar[] {
  return [
    ...Object.entries(metrics ?? {}).map(([name, value]) => scalar(`epoch_${name}`, value)),
    ...Object.entries(outputs ?? {}).flatMap(([name, figures]) => [
      scalar(`epoch_${name}_loss`, figures.loss),
      scalar(`epoch_${name}_accuracy`, figures.accuracy),
    ]),
  ];
}
