import type { DigitPrediction } from '#contract/prediction.ts';
import type { Link } from '#page-link/index.ts';

interface Raster {
  readonly side: number;
  /** Grey levels, base64. */
  readonly pixels: string;
}

/** What the network in hand makes of a drawing: one question at a time, always ending with the newest. */
export class DrawingPrediction {
  #answer = $state.raw<DigitPrediction | null>(null);
  #waiting: { run: string; raster: Raster } | null = null;
  #asking = false;
  #link: Link;
  #tell: (thrown: unknown) => void;

  constructor(link: Link, tell: (thrown: unknown) => void) {
    this.#link = link;
    this.#tell = tell;
  }

  get answer(): DigitPrediction | null {
    return this.#answer;
  }

  clear(): void {
    this.#waiting = null;
    this.#answer = null;
  }

  async ask(run: string, raster: Raster): Promise<void> {
    this.#waiting = { run, raster };
    if (this.#asking) return;
    this.#asking = true;
    try {
      while (this.#waiting) {
        const { run, raster } = this.#waiting;
        this.#waiting = null;
        const { side, pixels } = raster;
        this.#answer = await this.#link.engine.prediction.digit({ run, width: side, height: side, pixels });
      }
    } catch (thrown) {
      this.#waiting = null;
      this.#tell(thrown);
    } finally {
      this.#asking = false;
    }
  }
}
