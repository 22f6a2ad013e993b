/** px of the longer side. */
const side = 144;
/** Small pictures that are kept. */
const most = 600;

/**
 * Small pictures of single frames, taken from the film as the page plays it: by a video of their own, one after the
 * other, the newest wish first. No process is started for them, and they are those that the player shows.
 */
export class FramePictures {
  readonly #video = document.createElement('video');
  readonly #kept = new Map<number, string>();
  readonly #hears = new Map<number, (picture: string) => void>();
  /** Frames in the order in which they were wished for, with the second at which each is seen. */
  readonly #wishes = new Map<number, number>();
  #taking: number | null = null;

  constructor(url: string) {
    Object.assign(this.#video, { muted: true, preload: 'auto', src: url });
    this.#video.addEventListener('loadeddata', () => this.#next());
    this.#video.addEventListener('seeked', () => this.#take());
  }

  /** @param at s of the video's clock. @returns the function that takes the wish back */
  wish(frame: number, at: number, hear: (picture: string) => void): () => void {
    const known = this.#kept.get(frame);
    if (known !== undefined) {
      hear(known);
      return () => undefined;
    }
    this.#hears.set(frame, hear);
    this.#wishes.set(frame, at);
    this.#next();
    return () => {
      this.#hears.delete(frame);
      this.#wishes.delete(frame);
    };
  }

  close(): void {
    this.#wishes.clear();
    this.#hears.clear();
    this.#video.removeAttribute('src');
    this.#video.load();
  }

  #next(): void {
    if (this.#taking !== null || this.#video.readyState < 2) return;
    const wish = [...this.#wishes].at(-1);
    if (!wish) return;
    const [frame, at] = wish;
    this.#wishes.delete(frame);
    this.#taking = frame;
    this.#video.currentTime = Math.max(0, Math.min(at, this.#video.duration - 0.0001));
  }

  #take(): void {
    const frame = this.#taking;
    if (frame === null) return;
    this.#taking = null;
    const { videoWidth, videoHeight } = this.#video;
    const scale = side / Math.max(1, videoWidth, videoHeight);
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(videoWidth * scale));
    canvas.height = Math.max(1, Math.round(videoHeight * scale));
    canvas.getContext('2d', { alpha: false })?.drawImage(this.#video, 0, 0, canvas.width, canvas.height);
    const picture = canvas.toDataURL('image/jpeg', 0.8);
    this.#kept.set(frame, picture);
    for (const old of this.#kept.keys()) {
      if (this.#kept.size <= most) break;
      this.#kept.delete(old);
    }
    this.#hears.get(frame)?.(picture);
    this.#hears.delete(frame);
    this.#next();
  }
}
