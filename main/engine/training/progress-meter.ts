import type { RunProgress, RunState, TrainingSettings } from '#contract/training.ts';
import type { LoopEvent, LoopPlace } from './loop.ts';
import { Pace } from './pace.ts';

export interface MeterParts {
  readonly state: RunState;
  readonly settings: TrainingSettings;
  /** Images of an epoch, and images held out. */
  readonly train: number;
  readonly validation: number;
  readonly size: number;
}

/** Where a run stands and how long it will take, from what its loop tells. */
export class ProgressMeter {
  readonly #pace: Pace;
  readonly #train: number;
  readonly #size: number;
  #validated = 0;
  /** Seconds of the training part of the epoch under way. */
  #trainSeconds = 0;
  #progress: RunProgress;

  constructor({ state, settings, train, validation, size }: MeterParts) {
    const { epochs, stepsPerEpoch, validationSteps = Infinity } = settings;
    this.#train = stepsPerEpoch === undefined ? train : stepsPerEpoch * size;
    this.#size = size;
    this.#pace = new Pace(this.#train, Math.min(validation, validationSteps * size), epochs);
    const batches = stepsPerEpoch ?? Math.ceil(train / size);
    const epoch = Math.min(epochs, (settings.initialEpoch ?? 0) + 1);
    const none = { imagesPerSecond: 0, secondsLeft: null, memory: process.memoryUsage.rss() };
    this.#progress = { state, epoch, epochs, batch: 0, batches, ...none };
  }

  get progress(): RunProgress {
    return this.#progress;
  }

  /** Of the training part of the epoch under way, or just over. */
  get trainSeconds(): number {
    return this.#trainSeconds;
  }

  /**
   * A run that goes on from there.
   * @param seconds of the training part of its epoch
   */
  goOn({ epoch, batch }: Pick<LoopPlace, 'epoch' | 'batch'>, seconds: number): void {
    this.#trainSeconds = seconds;
    this.#progress = { ...this.#progress, epoch: Math.min(epoch, this.#progress.epochs), batch };
  }

  set state(state: RunState) {
    this.#progress = { ...this.#progress, state };
  }

  /** @param seconds since the event before */
  hear(event: LoopEvent, seconds: number): void {
    if (event.kind === 'features') {
      this.#progress = { ...this.#progress, features: { ...event.progress }, memory: process.memoryUsage.rss() };
    } else if (event.kind === 'batch') {
      const { epoch, batch, batches } = event.record;
      this.#validated = 0;
      this.#trainSeconds = (batch === 1 ? 0 : this.#trainSeconds) + seconds;
      this.#pace.trained(event.images, seconds);
      this.#progress = {
        ...withoutFeatures(this.#progress),
        ...{ epoch, batch, batches },
        imagesPerSecond: this.#pace.imagesPerSecond,
        secondsLeft: this.#pace.secondsLeft(epoch, Math.min(this.#train, batch * this.#size)),
        memory: process.memoryUsage.rss(),
      };
    } else if (event.kind === 'validating') {
      this.#pace.validated(event.images - this.#validated, seconds);
      this.#validated = event.images;
    }
  }
}

function withoutFeatures({ features: _, ...progress }: RunProgress): RunProgress {
  return progress;
}
