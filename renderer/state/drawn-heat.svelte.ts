import type { Explanation } from '#contract/explain.ts';
import type { DigitPrediction } from '#contract/prediction.ts';
import type { Link } from '#page-link/index.ts';

/** The heat of a drawing as it grows: one question at a time, always ending with the newest. */
export class DrawnHeat {
  #shown = $state.raw<Explanation | null>(null);
  #waiting: { run: string; answer: DigitPrediction } | null = null;
  #asking = false;
  /** Raised by `clear`: an answer from before belongs to no drawing any more. */
  #drawing = 0;
  #link: Link;
  #tell: (thrown: unknown) => void;

  constructor(link: Link, tell: (thrown: unknown) => void) {
    this.#link = link;
    this.#tell = tell;
  }

  get shown(): Explanation | null {
    return this.#shown;
  }

  clear(): void {
    this.#waiting = null;
    this.#shown = null;
    this.#drawing += 1;
  }

  /** For what the network takes the drawing for, on exactly what it was given. */
  async ask(run: string, answer: DigitPrediction): Promise<void> {
    this.#waiting = { run, answer };
    if (this.#asking) return;
    this.#asking = true;
    try {
      while (this.#waiting) {
        const asked = this.#waiting;
        this.#waiting = null;
        const drawing = this.#drawing;
        const { input: pixels, width, height, top } = asked.answer;
        const shown = await this.#link.engine.explain.map({
          model: asked.run,
          picture: { drawing: { width, height, pixels, centre: false } },
          method: 'grad-cam',
          ways: { invert: 'no' },
          ...(top[0] ? { class: top[0].index } : {}),
        });
        if (drawing === this.#drawing) this.#shown = shown;
      }
    } catch (thrown) {
      this.#waiting = null;
      this.#tell(thrown);
    } finally {
      this.#asking = false;
    }
  }
}
