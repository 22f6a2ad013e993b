import type { HeatColours } from '#contract/heat-colours.ts';
import { filmResultUrl } from '#contract/pictures.ts';
import type { FilmFrames, FilmResult } from '#contract/video.ts';
import type { Link } from '#page-link/index.ts';
import type { LookBox } from './film-player-bias.ts';
import { changeBeside, changesOf, endOf, frameAt, middleOf, rankedAt } from './film-player-frames.ts';
import { FilmMaps } from './film-player-maps.ts';

/** What moves the picture; seconds of the video itself. */
export interface Drive {
  play(): void;
  pause(): void;
  seek(seconds: number): void;
}

export const playerViews = ['side', 'overlay', 'heat', 'wipe'] as const;
export type PlayerView = (typeof playerViews)[number];

/** Times the film's own pace. */
export const speeds = [0.1, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2] as const;

/** A film beside its heat: which frame is shown decides all else. */
export class FilmPlayer {
  readonly result: FilmResult;
  readonly maps: FilmMaps;
  readonly #link: Link;
  #frames = $state.raw<FilmFrames | null>(null);
  /** Grows when heat has come that was missing. */
  #arrived = $state(0);
  #frame = $state(0);
  #playing = $state(false);
  #drive: Drive | null = null;
  /** The frame that was sought, until the picture has come. */
  #sought: number | null = null;
  /** s of the video's clock at its first picture. */
  #first = 0;

  view = $state<PlayerView>('side');
  colours = $state<HeatColours>('turbo');
  /** Of the heat over the picture, 0…1. */
  opacity = $state(0.5);
  speed = $state(1);
  muted = $state(true);
  volume = $state(1);
  loop = $state(false);
  /** Frames that playing stays between; null = the film's ends. */
  from = $state<number | null>(null);
  to = $state<number | null>(null);
  /** Where the network should look; null = nobody asks. */
  box = $state.raw<LookBox | null>(null);

  readonly changes = $derived(this.#frames ? changesOf(this.#frames) : []);
  readonly count = $derived(this.#frames?.seconds.length ?? 0);
  /** s of the film's clock. */
  readonly start = $derived(this.#frames?.seconds[0] ?? 0);
  readonly end = $derived(this.#frames ? endOf(this.#frames.seconds, this.count - 1) : 0);
  /** Of the frame shown. */
  readonly seconds = $derived(this.#frames?.seconds[this.#frame] ?? 0);
  readonly top = $derived(this.#frames ? rankedAt(this.#frames, this.#frame) : []);

  constructor(link: Link, result: FilmResult, failed: (thrown: unknown) => void) {
    this.#link = link;
    this.result = result;
    this.colours = result.settings.colours;
    this.opacity = result.settings.opacity;
    this.maps = new FilmMaps(
      { ...result.maps, url: filmResultUrl(result.id, 'maps'), frames: result.frames.in },
      (first, end) => {
        // What comes ahead of the picture changes nothing that is seen.
        if (this.#frame >= first && this.#frame < end) this.#arrived += 1;
      },
      failed,
    );
  }

  get frames(): FilmFrames | null {
    return this.#frames;
  }

  get frame(): number {
    return this.#frame;
  }

  get playing(): boolean {
    return this.#playing;
  }

  get arrived(): number {
    return this.#arrived;
  }

  async load(): Promise<void> {
    this.#frames = await this.#link.engine.video.frames({ result: this.result.id });
    this.go(0);
  }

  /** Returns the function that lets go of it. @param first s of the video's clock at its first picture */
  attach(drive: Drive, first: number): () => void {
    this.#drive = drive;
    this.#first = first;
    if (this.#frames) this.go(this.#frame);
    return () => {
      if (this.#drive === drive) this.#drive = null;
      this.#playing = false;
    };
  }

  close(): void {
    this.#drive?.pause();
    this.maps.close();
  }

  /** A picture is about to be shown. @param at s of the video's clock. @returns false: it is past the end, and is not to be seen */
  shown(at: number): boolean {
    const { seconds } = this.#frames ?? {};
    if (!seconds || seconds.length === 0) return true;
    if (this.#sought !== null) {
      this.#frame = this.#sought;
      if (this.#playing) this.#sought = null;
      return true;
    }
    const time = at - this.#ahead();
    const frame = frameAt(seconds, time);
    const last = this.loop ? (this.to ?? this.count - 1) : this.count - 1;
    if (this.#playing && (frame > last || time > endOf(seconds, last))) {
      this.ended();
      return false;
    }
    this.#frame = frame;
    return true;
  }

  /** s by which the video's clock is ahead of the film's: a copy holds only the part that was run through. */
  #ahead(): number {
    return this.#first - (this.result.source === 'copy' ? this.start : 0);
  }

  /** Playing came to its end: from the beginning again, or still at the last frame. */
  ended(): void {
    if (this.loop && this.#playing) {
      this.go(this.from ?? 0);
      this.#drive?.play();
      return;
    }
    this.pause();
    this.go(this.count - 1);
  }

  play(): void {
    if (!this.#frames || !this.#drive) return;
    const last = this.loop ? (this.to ?? this.count - 1) : this.count - 1;
    const first = this.loop ? (this.from ?? 0) : 0;
    if (this.#frame >= last || this.#frame < first) this.go(first);
    else this.#sought = null;
    this.#playing = true;
    this.#drive.play();
  }

  pause(): void {
    this.#playing = false;
    this.#drive?.pause();
  }

  /** The video stopped or went on by itself, as with the keys of a keyboard for media. */
  heard(playing: boolean): void {
    this.#playing = playing;
    if (playing) this.#sought = null;
  }

  toggle(): void {
    if (this.#playing) this.pause();
    else this.play();
  }

  /** Shows exactly this frame. */
  go(frame: number): void {
    const { seconds } = this.#frames ?? {};
    if (!seconds || seconds.length === 0) return;
    const place = Math.min(seconds.length - 1, Math.max(0, Math.round(frame)));
    this.#sought = place;
    this.#frame = this.#drive ? this.#frame : place;
    this.#drive?.seek(this.placeOf(place));
  }

  /** s of the video's clock at which a frame is seen. */
  placeOf(frame: number): number {
    return middleOf(this.#frames?.seconds ?? [], frame) + this.#ahead();
  }

  /** The frame shown at a time of the film's clock. */
  seek(seconds: number): void {
    if (this.#frames) this.go(frameAt(this.#frames.seconds, seconds));
  }

  /** Frames on, after stopping. */
  step(frames: number): void {
    this.pause();
    this.go((this.#sought ?? this.#frame) + frames);
  }

  /** s on. */
  skip(seconds: number): void {
    const at = this.#frames?.seconds[this.#sought ?? this.#frame] ?? 0;
    const before = this.#sought ?? this.#frame;
    if (!this.#frames) return;
    const found = frameAt(this.#frames.seconds, Math.max(this.start, at + seconds));
    // Films of a few pictures a minute still move.
    this.go(found === before ? before + Math.sign(seconds) : found);
  }

  /** Where another class comes to the top. */
  change(way: 1 | -1): void {
    const found = changeBeside(this.changes, this.#sought ?? this.#frame, way);
    if (found !== null) this.go(found);
  }

  canChange(way: 1 | -1): boolean {
    return changeBeside(this.changes, this.#frame, way) !== null;
  }

  /** The stretch that is played over and over begins, or ends, at the frame shown; a second time there takes it away. */
  mark(end: 'from' | 'to'): void {
    const here = this.#frame;
    if (this[end] === here) {
      this[end] = null;
      return;
    }
    this[end] = here;
    this.loop = true;
    if (this.from !== null && this.to !== null && this.from > this.to) this[end === 'from' ? 'to' : 'from'] = null;
  }

  /** One step along the list of speeds. */
  hurry(way: 1 | -1): void {
    const next = way > 0 ? speeds.find((one) => one > this.speed) : speeds.filter((one) => one < this.speed).at(-1);
    this.speed = next ?? this.speed;
  }
}
