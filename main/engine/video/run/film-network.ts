import { AppError } from '#contract/failures.ts';
import type { ClassName } from '#contract/models.ts';
import type { RankedClass } from '#contract/prediction.ts';
import type { FilmFrame, FilmResult, FilmSettings } from '#contract/video.ts';
import { explainerOf } from '#engine/explain/explanations.ts';
import type { Explainer } from '#engine/explain/explainer.ts';
import { coarsened, type Heat } from '#engine/explain/heat.ts';
import { centreOfMass } from '#engine/explain/mean-heat.ts';
import type { OpenModel } from '#engine/predict/models.ts';
import type { Answer } from './answers.ts';

/** Maps of methods that end at pixels are noise at a pixel's scale: this many places a side are kept of them. */
const mostPlaces = 56;
const topCount = 5;

type Asking = Pick<FilmSettings, 'method' | 'layer' | 'class'>;

/** The network, asked for frames of one film. Its graphs are those of the explainer. */
export class FilmNetwork {
  readonly #explainer: Explainer;
  readonly #asking: Asking;
  readonly #many: boolean;
  readonly layer: FilmResult['layer'];
  readonly instead: 'no-spatial-layer' | undefined;
  /** Milliseconds at work. */
  took = 0;

  /** Fails: `explain/unknown-layer`, `explain/unknown-class`. */
  constructor(open: OpenModel, asking: Asking) {
    this.#explainer = explainerOf(open);
    this.#asking = asking;
    const { classes } = this.#explainer.parts;
    if (asking.class !== 'top' && asking.class >= classes) {
      const message = `The network has ${classes} classes; there is no class ${asking.class}.`;
      throw new AppError('explain/unknown-class', message, { class: asking.class, classes });
    }
    const { layer, instead } = this.#explainer.way(asking);
    this.layer = layer;
    this.instead = instead;
    this.#many = this.#explainer.takesMany(asking);
  }

  /** Whether several at once are faster than one after the other. */
  get takesMany(): boolean {
    return this.#many;
  }

  /**
   * @param inputs [height, width, channel] each
   * @param count of the graph that is used: fewer inputs are filled up, as another graph would take seconds to compile
   * Fails: as `Explainer.heat`; with the signal's reason.
   */
  async ask(inputs: readonly Uint8Array[], count: number, signal: AbortSignal): Promise<AnsweredMaps> {
    const started = performance.now();
    const heats = this.#many ? this.#together(inputs, count) : await this.#singly(inputs, signal);
    this.took += performance.now() - started;
    const maps = heats.map(({ map }) => coarsened(map, mostPlaces));
    const { height, width } = maps[0] ?? { height: 1, width: 1 };
    return { height, width, answers: heats.map((heat, place) => answerOf(heat, maps[place]?.values)) };
  }

  #together(inputs: readonly Uint8Array[], count: number): Heat[] {
    const [height, width, channels] = this.#explainer.parts.shape;
    const size = height * width * channels;
    const pixels = new Uint8Array(count * size);
    for (let place = 0; place < count; place++)
      pixels.set(inputs[Math.min(place, inputs.length - 1)] ?? [], place * size);
    const wanted = this.#asking.class === 'top' ? null : this.#asking.class;
    const heats = this.#explainer.heatMaps(pixels, new Array<number | null>(count).fill(wanted), this.#asking);
    return heats.slice(0, inputs.length);
  }

  async #singly(inputs: readonly Uint8Array[], signal: AbortSignal): Promise<Heat[]> {
    const heats: Heat[] = [];
    const wanted = this.#asking.class === 'top' ? null : this.#asking.class;
    for (const pixels of inputs) {
      signal.throwIfAborted();
      heats.push(await this.#explainer.heat(pixels, wanted, this.#asking, { signal }));
    }
    return heats;
  }
}

export interface AnsweredMaps {
  readonly height: number;
  readonly width: number;
  readonly answers: Answer[];
}

function answerOf({ class: index, probabilities, maximum }: Heat, values: Float32Array = new Float32Array(1)): Answer {
  return {
    ...{ class: index, probability: probabilities[index] ?? 0, maximum, values },
    top: largest(probabilities).map((each) => ({ index: each, probability: probabilities[each] ?? 0 })),
  };
}

/** Of the five largest their places, the largest first, of equals the first. */
function largest(values: Float32Array): number[] {
  const best: number[] = [];
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? 0;
    if (best.length === topCount && value <= (values[best[topCount - 1] ?? 0] ?? 0)) continue;
    let place = best.length;
    while (place > 0 && value > (values[best[place - 1] ?? 0] ?? 0)) place--;
    best.splice(place, 0, at);
    if (best.length > topCount) best.pop();
  }
  return best;
}

/** An answer with names, and where its heat lies. */
export function frameOf(
  { index, seconds }: { index: number; seconds: number },
  answer: Answer,
  size: { height: number; width: number },
  classes: readonly ClassName[],
  seen: FilmResult['seen'],
): FilmFrame {
  const top = answer.top.map(({ index: at, probability }): RankedClass => {
    const { label, id } = classes[at] ?? {};
    return { index: at, label: label ?? String(at), ...(id !== undefined && { id }), probability };
  });
  const { class: index_, probability, maximum } = answer;
  return {
    frame: index,
    seconds,
    top,
    class: index_,
    probability,
    maximum,
    centre: centreOf(answer.values, size, seen),
  };
}

function centreOf(
  values: Float32Array,
  size: { height: number; width: number },
  seen: FilmResult['seen'],
): FilmFrame['centre'] {
  const centre = centreOfMass({ ...size, values });
  if (!centre) return null;
  const [across, down] = centre;
  const within = (place: number) => Math.max(0, Math.min(1, place));
  return [within(seen.left + across * seen.width), within(seen.top + down * seen.height)];
}
