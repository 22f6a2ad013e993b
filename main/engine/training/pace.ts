/** How fast a run goes and how long it will still take. Time in seconds; pauses do not count. */
export class Pace {
  readonly #trainImages: number;
  readonly #validationImages: number;
  readonly #epochs: number;
  /** Seconds for one image, smoothed over the last few seconds of work. */
  #perImage: number | null = null;
  #batches = 0;
  #perValidation: number | null = null;

  constructor(trainImages: number, validationImages: number, epochs: number) {
    this.#trainImages = trainImages;
    this.#validationImages = validationImages;
    this.#epochs = epochs;
  }

  /** So many images took so long. The first batch warms up: it is a first guess, which the second one replaces. */
  trained(images: number, seconds: number): void {
    this.#perImage = smooth(this.#batches < 2 ? null : this.#perImage, seconds / images, seconds);
    this.#batches += 1;
  }

  validated(images: number, seconds: number): void {
    this.#perValidation = smooth(this.#perValidation, seconds / images, seconds);
  }

  get imagesPerSecond(): number {
    return this.#perImage === null ? 0 : 1 / this.#perImage;
  }

  /**
   * Null before the second batch: the first would promise hours where it takes minutes.
   * @param seen training images of this epoch that are done
   */
  secondsLeft(epoch: number, seen: number): number | null {
    if (this.#perImage === null || this.#batches < 2) return null;
    const training = this.#trainImages - seen + (this.#epochs - epoch) * this.#trainImages;
    // Before the first validation: forward only takes about a third of a training step.
    const perValidation = this.#perValidation ?? this.#perImage / 3;
    const validation = (this.#epochs - epoch + 1) * this.#validationImages;
    return training * this.#perImage + validation * perValidation;
  }
}

/** Exponential smoothing by time: what is older than about three seconds has little weight. */
function smooth(old: number | null, now: number, seconds: number): number {
  if (old === null) return now;
  const share = 1 - Math.exp(-seconds / 3);
  return old + (now - old) * Math.max(share, 0.02);
}
