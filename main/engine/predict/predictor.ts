import type { RankedClass } from '#contract/prediction.ts';
import type { DigitPrediction, FilePrediction } from '#contract/prediction.ts';
import { AppError } from '#contract/failures.ts';
import type { RunSummary } from '#contract/training.ts';
import { areaAverage, asDigit, type Gray } from './digit.ts';
import { Inference } from './inference.ts';
import { borderLevel, readPicture, type InputSize, type Invert } from './picture.ts';
import { softmax } from './softmax.ts';
import type { Trained } from './trained.ts';

interface Loaded {
  readonly run: RunSummary;
  readonly inference: Inference;
  readonly size: InputSize;
  /** The images it learned from have dark borders, as MNIST's. */
  readonly learnedOnDark: boolean;
}

/** Networks kept ready at once. */
const keptReady = 3;
/** Training images whose borders are looked at. */
const bordersSeen = 64;

/** Predicts single pictures with trained runs; the networks used last stay loaded, so that drawing is answered at once. */
export class Predictor {
  readonly #trained: Trained;
  /** By run and revision, the one used last at the end. */
  readonly #ready = new Map<string, Promise<Loaded>>();

  constructor(trained: Trained) {
    this.#trained = trained;
  }

  /** Fails: `run/unknown`, `run/no-weights`, `engine/not-ready`, `model/wrong-input` for runs on colour images. */
  async digit(run: string, drawing: Gray, centre: boolean): Promise<DigitPrediction> {
    const loaded = await this.#load(run);
    const started = performance.now();
    const { height, width, channels } = loaded.size;
    if (channels !== 1) {
      throw new AppError('model/wrong-input', `Run ${run} takes ${channels} channels; a drawing has one.`, {
        expected: `${height}×${width}×${channels}`,
        received: `${drawing.height}×${drawing.width}×1`,
      });
    }
    const { digit, box } = centre ? asDigit(drawing, loaded.size) : asItIs(drawing, loaded.size);
    const top = box ? ranked(probabilitiesOf(loaded, digit.pixels), loaded.run.classes) : [];
    return {
      input: Buffer.from(digit.pixels).toString('base64'),
      height,
      width,
      box,
      top,
      milliseconds: performance.now() - started,
    };
  }

  /** Fails: as `digit`, and `file/missing`, `image/unreadable`, `image/too-large` with the file's name. */
  async file(run: string, file: string, options: FileOptions): Promise<FilePrediction> {
    const { size, learnedOnDark } = await this.#load(run);
    const started = performance.now();
    const { pixels, how } = await readPicture(file, size, options.invert, learnedOnDark);
    const loaded = await this.#load(run); // the first may have left for others while the file was read
    const probabilities = probabilitiesOf(loaded, pixels);
    const best = ranked(probabilities, loaded.run.classes).slice(0, options.top);
    return {
      file,
      top: best.filter(({ probability }) => probability >= options.threshold),
      ...(options.full ? { softmax: [...probabilities], resize: how } : {}),
      milliseconds: performance.now() - started,
    };
  }

  /** Frees every network. */
  dispose(): void {
    for (const key of [...this.#ready.keys()]) this.#free(key);
  }

  async #load(id: string): Promise<Loaded> {
    await this.#trained.ready();
    const run = await this.#trained.summary(id);
    const key = JSON.stringify([this.#trained.folder(id), run.revision]);
    const loading = this.#ready.get(key) ?? this.#open(run);
    this.#ready.delete(key);
    this.#ready.set(key, loading);
    try {
      return await loading;
    } catch (thrown) {
      if (this.#ready.get(key) === loading) this.#ready.delete(key);
      throw thrown;
    } finally {
      for (const oldest of this.#ready.keys()) {
        if (this.#ready.size <= keptReady) break;
        this.#free(oldest);
      }
    }
  }

  async #open(run: RunSummary): Promise<Loaded> {
    const inference = new Inference(await this.#trained.network(run.id));
    try {
      const { size } = inference;
      inference.logits(new Uint8Array(size.height * size.width * size.channels), 1); // the first pass is slow
      return { run, inference, size, learnedOnDark: await this.#darkBorders(run.settings.dataset) };
    } catch (thrown) {
      inference.dispose();
      throw thrown;
    }
  }

  /** `#load`'s callers use a network at once, without waiting for anything else: the next turn is late enough. */
  #free(key: string): void {
    const loading = this.#ready.get(key);
    this.#ready.delete(key);
    void loading?.then(({ inference }) => setImmediate(() => inference.dispose())).catch(() => undefined);
  }

  /** By the left and right edges. Without the data set nothing can be told, and pictures stay as they are. */
  async #darkBorders(dataset: string): Promise<boolean> {
    const data = await this.#trained.dataset(dataset).catch(() => null);
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

export interface FileOptions {
  readonly top: number;
  readonly threshold: number;
  readonly full: boolean;
  readonly invert: Invert;
}

/** A picture that is already as the network wants it, but for its size. */
function asItIs(drawing: Gray, { width, height }: InputSize) {
  const whole = { left: 0, top: 0, width: drawing.width, height: drawing.height };
  const digit = areaAverage(drawing, whole, width, height);
  return { digit, box: digit.pixels.some((level) => level > 0) ? { left: 0, top: 0, width, height } : null };
}

function probabilitiesOf({ inference }: Loaded, pixels: Uint8Array): Float32Array {
  return softmax(inference.logits(pixels, 1));
}

function ranked(probabilities: Float32Array, classes: readonly string[]): RankedClass[] {
  return Array.from(probabilities, (probability, index) => ({
    index,
    label: classes[index] ?? String(index),
    probability,
  })).sort((a, b) => b.probability - a.probability || a.index - b.index);
}
