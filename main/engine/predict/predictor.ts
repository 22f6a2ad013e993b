import sharp from 'sharp';
import type {
  BatchRow,
  DigitPrediction,
  InputWays,
  PicturePrediction,
  PictureRef,
  RankedClass,
} from '#contract/prediction.ts';
import type { ClassName, KnownModel, ModelRef } from '#contract/models.ts';
import { AppError, toFailure } from '#contract/failures.ts';
import { LeastRecent } from '#engine/data/least-recent.ts';
import type { Gray } from './digit.ts';
import type { AskableModel, Models } from './models.ts';
import { borderLevel } from './picture.ts';
import { readInput, type InputParts, type ReadInput } from './read-input.ts';
import { softmax } from './softmax.ts';

/** Training images whose borders are looked at. */
const bordersSeen = 64;
/** Pictures that go through the network together. */
const batchSize = 8;
/** Milliseconds between two messages of progress. */
const progressPause = 150;

export interface Asked {
  readonly model: ModelRef;
  readonly top: number;
  readonly threshold: number;
  readonly ways: InputWays;
}

/** What is told while a batch goes on: the rows since the last time. */
export interface BatchStep {
  readonly rows: BatchRow[];
  readonly done: number;
  readonly total: number;
  readonly imagesPerSecond: number;
  readonly secondsLeft: number | null;
}

export interface PredictorParts extends Omit<InputParts, 'learnedOnDark'> {
  readonly models: Pick<Models, 'ask' | 'known'>;
}

/** Classes of pictures, by models of every origin. */
export class Predictor {
  readonly #parts: PredictorParts;
  /** By data set. */
  readonly #dark = new LeastRecent<Promise<boolean>>(32);

  constructor(parts: PredictorParts) {
    this.#parts = parts;
  }

  /** A picture as this model gets it. Fails: as `readInput`. */
  input(picture: PictureRef, known: KnownModel, ways: InputWays = {}): Promise<ReadInput> {
    const { photos, dataset } = this.#parts;
    const learnedOnDark = (model: KnownModel) => this.learnedOnDark(model);
    return readInput(picture, known, ways, { photos, dataset, learnedOnDark });
  }

  /** The same as a PNG. */
  async inputPng(model: ModelRef, picture: PictureRef, ways: InputWays): Promise<Buffer> {
    const known = await this.#parts.models.known(model);
    const { pixels } = await this.input(picture, known, ways);
    const { height, width, channels } = known;
    return sharp(pixels, { raw: { width, height, channels: channels === 1 ? 1 : 3 } })
      .png()
      .toBuffer();
  }

  /** Fails: `run/unknown`, `run/no-weights`, `engine/not-ready`, `model/wrong-input` for models of colour images. */
  async digit(model: ModelRef, { width, height, pixels }: Gray, centre: boolean): Promise<DigitPrediction> {
    return this.#parts.models.ask(model, async ({ known, classes, inference }) => {
      const started = performance.now();
      if (known.channels !== 1) {
        throw new AppError('model/wrong-input', `${known.name} takes ${known.channels} channels; a drawing has one.`, {
          expected: `${known.height}×${known.width}×${known.channels}`,
          received: `${height}×${width}×1`,
        });
      }
      const drawing = { width, height, pixels: Buffer.from(pixels).toString('base64'), centre };
      const { pixels: seen, ink = null } = await this.input({ drawing }, known);
      return {
        input: Buffer.from(seen).toString('base64'),
        height: known.height,
        width: known.width,
        box: ink,
        top: ink ? ranked(softmax(inference.logits(seen, 1)), classes) : [],
        milliseconds: performance.now() - started,
      };
    });
  }

  /** Fails: as `readInput` and `Models.use`. */
  picture(asked: Asked, picture: PictureRef): Promise<PicturePrediction> {
    const started = performance.now();
    const { model, ways } = asked;
    return this.#parts.models.ask(
      model,
      async ({ known, classes, inference }) => {
        const { pixels, place } = await this.input(picture, known, ways);
        const began = performance.now();
        const probabilities = softmax(inference.logits(pixels, 1));
        const now = performance.now();
        return {
          model,
          top: best(probabilities, classes, asked),
          softmax: [...probabilities],
          place,
          milliseconds: { whole: now - started, network: now - began },
        };
      },
      ways.pixels,
    );
  }

  /** Fails: as `Models.use`; a bad picture is a row with its failure. */
  async *batch(
    asked: Asked,
    pictures: readonly { picture: PictureRef; file: string; photo?: string }[],
    signal?: AbortSignal,
  ): AsyncGenerator<BatchStep, BatchStep> {
    const started = performance.now();
    const total = pictures.length;
    let rows: BatchRow[] = [];
    let done = 0;
    let told = started;
    const step = (): BatchStep => {
      const seconds = (performance.now() - started) / 1000;
      const each = { rows, done, total, imagesPerSecond: seconds > 0 ? done / seconds : 0 };
      rows = [];
      return { ...each, secondsLeft: done > 0 ? (seconds / done) * (total - done) : null };
    };
    for (let from = 0; from < total; from += batchSize) {
      signal?.throwIfAborted();
      const some = pictures.slice(from, from + batchSize);
      rows.push(
        ...(await this.#parts.models.ask(asked.model, (open) => this.#some(asked, some, open), asked.ways.pixels)),
      );
      done += some.length;
      if (performance.now() - told < progressPause) continue;
      told = performance.now();
      yield step();
    }
    return step();
  }

  async #some(
    asked: Asked,
    some: readonly { picture: PictureRef; file: string; photo?: string }[],
    { known, classes, inference }: AskableModel,
  ): Promise<BatchRow[]> {
    const read = await Promise.allSettled(some.map(({ picture }) => this.input(picture, known, asked.ways)));
    const good = read.flatMap((each) => (each.status === 'fulfilled' ? [each.value.pixels] : []));
    const together = new Uint8Array(Buffer.concat(good));
    const logits = good.length > 0 ? inference.logits(together, good.length) : new Float32Array();
    let place = 0;
    return some.map(({ file, photo }, index) => {
      const named = { file, ...(photo !== undefined && { photo }) };
      const each = read[index];
      if (each?.status === 'rejected') return { ...named, top: [], failure: failureOf(each.reason) };
      const own = logits.subarray(place * classes.length, ++place * classes.length);
      return { ...named, top: best(softmax(own), classes, asked) };
    });
  }

  /** Whether the images that a model learned from have dark borders, as MNIST's. */
  learnedOnDark({ dataset }: KnownModel): Promise<boolean> {
    if (dataset === undefined) return Promise.resolve(false);
    const known = this.#dark.get(dataset) ?? this.#darkBorders(dataset);
    this.#dark.set(dataset, known);
    return known;
  }

  /** By the left and right edges. Without the data set nothing can be told, and pictures stay as they are. */
  async #darkBorders(dataset: string): Promise<boolean> {
    const data = await this.#parts.dataset(dataset).catch(() => null);
    const source = data?.source('train') ?? data?.source('test');
    if (!data || !source || source.count === 0) return false;
    const { height, width, channels } = data;
    const indices = Uint32Array.from({ length: Math.min(bordersSeen, source.count) }, (_, i) => i);
    const bytes = new Uint8Array(indices.length * height * width * channels);
    source.read(indices, bytes);
    const levels = borderLevel({ width, height: height * indices.length, channels, pixels: bytes });
    return levels.every((level) => level < 100);
  }
}

function best(probabilities: Float32Array, classes: readonly ClassName[], { top, threshold }: Asked): RankedClass[] {
  return ranked(probabilities, classes)
    .slice(0, top)
    .filter(({ probability }) => probability >= threshold);
}

function ranked(probabilities: Float32Array, classes: readonly ClassName[]): RankedClass[] {
  return Array.from(probabilities, (probability, index) => {
    const { label = String(index), id } = classes[index] ?? {};
    return { index, label, ...(id !== undefined && { id }), probability };
  }).sort((a, b) => b.probability - a.probability || a.index - b.index);
}

function failureOf(thrown: unknown) {
  const { code, message, details } = toFailure(thrown);
  return { code, message, details };
}
