import sharp from 'sharp';
import { AppError } from '#contract/failures.ts';
import type { KnownModel } from '#contract/models.ts';
import type { Film, FilmPreview, FilmSettings } from '#contract/video.ts';
import { LeastRecent } from '#engine/data/least-recent.ts';
import type { ReadFrameAt } from './one-frame.ts';
import { checkSettings } from './run/check-settings.ts';
import { viewSize, wholeSize } from './run/sizes.ts';
import type { ComposeFrame, ExplainFrame, Frame, FrameExplanation, FrameSize, Picture } from './stages.ts';

export interface PreviewParts {
  readonly films: { get(id: string): Film };
  readonly readFrameAt: ReadFrameAt;
  readonly explainFrame: ExplainFrame;
  readonly composeFrame: ComposeFrame;
  /** Fails: `model/unknown`. */
  known(model: string): Promise<KnownModel>;
}

/** Decoded frames that are kept: at 1,920×1,080 each takes 6 MB. */
const framesKept = 6;
const answersKept = 24;

interface Work<T> {
  readonly result: Promise<T>;
  readonly stop: AbortController;
  over: boolean;
}

interface Shown {
  readonly frame: Frame;
  readonly size: FrameSize;
}

/**
 * Single frames with their heat. What was decoded and what the network said is kept, so that other colours ask nobody; of
 * quick questions about one film the newest counts, and those before it fail with `call/cancelled`.
 */
export class FilmPreviews {
  readonly #parts: PreviewParts;
  readonly #frames = new LeastRecent<Work<Shown>>(framesKept);
  readonly #answers = new LeastRecent<Work<FrameExplanation>>(answersKept);
  /** What is under way for a film's preview. */
  readonly #newest = new Map<string, { key: string; works: Work<unknown>[] }>();

  constructor(parts: PreviewParts) {
    this.#parts = parts;
  }

  /** Fails: `film/unknown`, `film/…`, `model/unknown`, `explain/…`, `call/cancelled` when a newer question came. */
  async preview(id: string, settings: FilmSettings, seconds: number): Promise<FilmPreview> {
    const started = performance.now();
    const film = this.#parts.films.get(id);
    const { size, said } = await this.#said(film, settings, seconds, true);
    const { layer, instead } = said;
    return {
      frame: said.heat.frame,
      layer,
      ...(instead && { instead }),
      ...wholeSize(size, settings),
      milliseconds: performance.now() - started,
    };
  }

  /** The composed frame; it overtakes no question: addresses may be asked for late. Fails: as `preview`. */
  async composed(id: string, settings: FilmSettings, seconds: number): Promise<Picture> {
    const film = this.#parts.films.get(id);
    const { frame, size, said } = await this.#said(film, settings, seconds, false);
    return this.#parts.composeFrame({ size, pixels: frame.pixels }, said, settings);
  }

  /** The frame itself as JPEG, its longer side at most `side` px. Fails: `film/unknown`, `film/…`. */
  async jpeg(id: string, seconds: number, side: number): Promise<Buffer> {
    const film = this.#parts.films.get(id);
    const { frame, size } = await this.#frame(film, viewSize(film.facts), seconds).result;
    return jpegOf({ size, pixels: frame.pixels }, side);
  }

  async #said(
    film: Film,
    settings: FilmSettings,
    seconds: number,
    overtakes: boolean,
  ): Promise<Shown & { said: FrameExplanation }> {
    checkSettings(film, { ...settings, from: undefined, to: undefined });
    const { revision } = await this.#parts.known(settings.model);
    const { model, method, layer, class: index, ways, longest } = settings;
    const key = JSON.stringify([keyOf(film), seconds, longest, model, revision, method, layer, index, ways]);
    if (overtakes) this.#overtake(film.id, key);
    const decoding = this.#frame(film, viewSize(film.facts, longest), seconds);
    if (overtakes) this.#under(film.id, key, decoding);
    const shown = await decoding.result;
    const answering = this.#kept(this.#answers, key, (signal) =>
      this.#parts.explainFrame(shown.frame, shown.size, settings, signal),
    );
    if (overtakes) this.#under(film.id, key, answering);
    return { ...shown, said: await answering.result };
  }

  #frame(film: Film, size: FrameSize, seconds: number): Work<Shown> {
    const key = JSON.stringify([keyOf(film), size, seconds]);
    return this.#kept(this.#frames, key, async (signal) => {
      const frame = await this.#parts.readFrameAt(film, size, seconds, signal);
      if (!frame) throw new AppError('film/empty', `${film.path} holds no frame.`, { file: film.path });
      return { frame, size };
    });
  }

  /** What is kept, or is under way, or begins now; what fails is forgotten. */
  #kept<T>(kept: LeastRecent<Work<T>>, key: string, begin: (signal: AbortSignal) => Promise<T>): Work<T> {
    const known = kept.get(key);
    if (known && !known.stop.signal.aborted) return known;
    const stop = new AbortController();
    const work: Work<T> = { stop, over: false, result: begin(stop.signal) };
    work.result
      .catch(() => kept.get(key) === work && kept.delete(key))
      .finally(() => (work.over = true))
      .catch(() => undefined);
    kept.set(key, work);
    return work;
  }

  /** Ends what is under way for an older question about this film. */
  #overtake(film: string, key: string): void {
    const newest = this.#newest.get(film);
    if (newest?.key === key) return;
    for (const work of newest?.works ?? []) {
      if (!work.over) work.stop.abort(new AppError('call/cancelled', 'A newer preview was asked for.'));
    }
    this.#newest.set(film, { key, works: [] });
  }

  #under(film: string, key: string, work: Work<unknown>): void {
    const newest = this.#newest.get(film);
    if (newest?.key !== key) throw new AppError('call/cancelled', 'A newer preview was asked for.');
    newest.works.push(work);
  }
}

/** A file that was opened again is another film. */
const keyOf = ({ id, opened }: Film) => [id, opened];

/** px; larger sides are of no use on a screen. */
export const mostSide = 4096;

export function jpegOf({ size, pixels }: Picture, side = mostSide): Promise<Buffer> {
  return sharp(pixels, { raw: { ...size, channels: 3 } })
    .resize(side, side, { fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: 88 })
    .toBuffer();
}

/** Quick rather than small: it is looked at once. */
export function quickPng({ size, pixels }: Picture): Promise<Buffer> {
  return sharp(pixels, { raw: { ...size, channels: 3 } })
    .png({ compressionLevel: 1, adaptiveFiltering: false })
    .toBuffer();
}
