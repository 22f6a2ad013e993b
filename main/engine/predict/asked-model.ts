import { AppError } from '#contract/failures.ts';
import type { SavedModel } from '#engine/model/formats/saved-model/open-saved-model.ts';
import type { Pixels } from '#engine/model/pixels.ts';
import type { InputSize } from './picture.ts';

/** Whatever answers images with a value for each class. */
export interface Asking {
  readonly size: InputSize;
  /**
   * @param pixels [count, height, width, channel], 0…255
   * @returns [count, class]: before softmax
   */
  logits(pixels: Uint8Array, count: number): Float32Array;
  dispose(): void;
}

/** A probability of 0 has no logarithm. */
const least = 1e-30;

/** A SavedModel, which owns what it was opened as. */
export class AskedModel implements Asking {
  readonly size: InputSize;
  readonly #model: SavedModel;
  readonly #pixels: Pixels;

  constructor(model: SavedModel, pixels: Pixels) {
    const { height, width, channels } = model;
    this.size = { height, width, channels };
    this.#model = model;
    this.#pixels = pixels;
  }

  /** Fails: `model/wrong-input`. */
  logits(pixels: Uint8Array, count: number): Float32Array {
    const { height, width, channels } = this.size;
    if (pixels.length !== count * height * width * channels) {
      const [expected, received] = [`${height}×${width}×${channels}`, `${pixels.length / count} values`];
      const message = `The network takes images of ${expected}; received ${received}.`;
      throw new AppError('model/wrong-input', message, { expected, received });
    }
    const answers = this.#model.predict(pixels, count, this.#pixels);
    return areProbabilities(answers, count) ? answers.map((p) => Math.log(Math.max(p, least))) : answers;
  }

  dispose(): void {
    this.#model.dispose();
  }
}

/** Nobody says what a foreign graph gives: rows of parts of one are probabilities. */
export function areProbabilities(values: Float32Array, rows: number): boolean {
  const width = values.length / rows;
  for (let row = 0; row < rows; row++) {
    const some = values.subarray(row * width, (row + 1) * width);
    if (some.some((value) => value < 0 || value > 1.0001)) return false;
    if (Math.abs(some.reduce((sum, value) => sum + value, 0) - 1) > 1e-3) return false;
  }
  return true;
}
