/**
 * One video, and the picture it shows as a canvas. Both views are drawn from that canvas, so that they cannot part; the
 * time told with it is that of the very picture.
 */
export class DrivenVideo {
  readonly #video: HTMLVideoElement;
  /** What is shown, and what the next picture is drawn on: one that is not to be seen leaves the other as it is. */
  #picture: HTMLCanvasElement = document.createElement('canvas');
  #spare: HTMLCanvasElement = document.createElement('canvas');
  readonly #show: (seconds: number) => boolean;
  readonly #drawn: () => void;
  #callback = 0;
  #next: number | null = null;
  #closed = false;

  /**
   * @param show hears the time of every picture before it is taken; false leaves the one before
   * @param drawn hears that `picture` is another
   */
  constructor(video: HTMLVideoElement, show: (seconds: number) => boolean, drawn: () => void) {
    this.#video = video;
    this.#show = show;
    this.#drawn = drawn;
    video.addEventListener('seeked', this.#seeked);
    this.#await();
  }

  /** The newest picture, at the video's own size, upright; another canvas after every one. */
  get picture(): HTMLCanvasElement {
    return this.#picture;
  }

  play(): void {
    // Interrupted by a pause at once, it fails; that is no news.
    void this.#video.play().catch(() => undefined);
  }

  pause(): void {
    this.#video.pause();
  }

  /** While one place is on its way, only the last that is asked for follows. */
  seek(seconds: number): void {
    const { duration } = this.#video;
    const at = Math.max(0, Number.isFinite(duration) ? Math.min(seconds, duration - 0.0001) : seconds);
    if (this.#video.seeking) this.#next = at;
    else this.#video.currentTime = at;
  }

  close(): void {
    this.#closed = true;
    this.#video.removeEventListener('seeked', this.#seeked);
    if (followsFrames(this.#video)) this.#video.cancelVideoFrameCallback(this.#callback);
    else cancelAnimationFrame(this.#callback);
  }

  readonly #seeked = () => {
    if (this.#next !== null) {
      this.#video.currentTime = this.#next;
      this.#next = null;
      return;
    }
    this.take(this.#video.currentTime);
  };

  #await(): void {
    if (this.#closed) return;
    if (followsFrames(this.#video)) {
      this.#callback = this.#video.requestVideoFrameCallback((_, { mediaTime }) => {
        this.#await();
        if (!this.#video.seeking) this.take(mediaTime);
      });
    } else {
      this.#callback = requestAnimationFrame(() => {
        this.#await();
        if (!this.#video.paused && !this.#video.seeking) this.take(this.#video.currentTime);
      });
    }
  }

  /** Takes what the video shows now. @param told its time in seconds, where the picture itself does not say it */
  take(told: number): void {
    const { videoWidth: width, videoHeight: height, readyState } = this.#video;
    if (this.#closed || readyState < 2 || width === 0) return;
    const spare = this.#spare;
    if (spare.width !== width || spare.height !== height) Object.assign(spare, { width, height });
    const context = spare.getContext('2d', { alpha: false });
    let seconds = pictureTime(this.#video) ?? told;
    // The video goes on while it is drawn: if its time moved meanwhile, the picture is taken again.
    for (let tries = 0; tries < 3; tries++) {
      context?.drawImage(this.#video, 0, 0, width, height);
      const after = pictureTime(this.#video) ?? seconds;
      if (after === seconds) break;
      seconds = after;
    }
    if (!this.#show(seconds)) return;
    [this.#picture, this.#spare] = [spare, this.#picture];
    this.#drawn();
  }
}

/** s; the time of the picture that the video shows, where the browser tells it. */
export function pictureTime(video: HTMLVideoElement): number | undefined {
  if (!('VideoFrame' in globalThis)) return undefined;
  try {
    const frame = new VideoFrame(video);
    const { timestamp } = frame;
    frame.close();
    return timestamp === null ? undefined : timestamp / 1e6;
  } catch {
    return undefined;
  }
}

function followsFrames(video: HTMLVideoElement): boolean {
  return typeof (video as Partial<HTMLVideoElement>).requestVideoFrameCallback === 'function';
}
