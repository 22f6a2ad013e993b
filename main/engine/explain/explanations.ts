import type { z } from 'zod';
import type { explainContract, Explanation, Faithfulness, SanityCheck } from '#contract/explain.ts';
import type { InputPlace } from '#contract/prediction.ts';
import type { DataSet } from '#engine/data/data-set.ts';
import type { Tell } from '#engine/data/progress.ts';
import type { Models, OpenModel } from '#engine/predict/models.ts';
import type { Photos } from '#engine/predict/photos.ts';
import type { Predictor } from '#engine/predict/predictor.ts';
import { writeAtomic } from '#engine/project/atomic.ts';
import { Explainer } from './explainer.ts';
import { faithfulness } from './faithfulness.ts';
import type { Heat, Plane } from './heat.ts';
import { overlaid, pngOf, sideBySide } from './heat-picture.ts';
import { originalPicture, storedPixels } from './original-picture.ts';
import type { Question } from './question.ts';
import { cascade } from './sanity.ts';

type Input<Name extends 'map' | 'faithfulness' | 'sanity' | 'save'> = z.output<
  NonNullable<(typeof explainContract)[Name]['~orpc']['inputSchema']>
>;
export type Asking = Input<'map'>;

export interface ExplanationParts {
  readonly models: Pick<Models, 'use' | 'portable'>;
  readonly predictor: Pick<Predictor, 'input'>;
  readonly photos: Pick<Photos, 'get'>;
  /** Fails: `data/unknown-set`. */
  dataset(id: string): Promise<DataSet>;
}

const explainers = new WeakMap<OpenModel['inference'], Explainer>();

/** The explainer of an open model, kept with it. */
export function explainerOf({ network, inference }: OpenModel): Explainer {
  const known = explainers.get(inference);
  if (known) return known;
  const made = new Explainer(network, { logits: (pixels, count) => inference.logits(pixels, count) });
  explainers.set(inference, made);
  inference.owns(made);
  return made;
}

/** Float32 as the page gets it. */
export const sent = ({ height, width, values }: Plane): Explanation['map'] => ({
  ...{ height, width },
  values: Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64'),
});

/** Where models of every origin look. All of it fails as `explain.ts` of the contract says. */
export class Explanations {
  readonly #parts: ExplanationParts;

  constructor(parts: ExplanationParts) {
    this.#parts = parts;
  }

  layers(model: string) {
    return this.#parts.models.use(model, (open) => {
      const { layers, chosen } = explainerOf(open);
      return { layers: [...layers], chosen };
    });
  }

  async map(asking: Asking, signal?: AbortSignal): Promise<Explanation> {
    return (await this.#explained(asking, signal)).explanation;
  }

  async faithfulness(asking: Input<'faithfulness'>, tell: Tell, signal: AbortSignal): Promise<Faithfulness> {
    const { model, picture, ways, points } = asking;
    return this.#parts.models.use(
      model,
      async (open) => {
        const { pixels } = await this.#parts.predictor.input(picture, open.known, ways);
        const explainer = explainerOf(open);
        const heat = await explainer.heat(pixels, asking.class ?? null, questionOf(asking), { signal });
        const { shape, classes } = explainer.parts;
        const logits = (images: Uint8Array, count: number) => open.inference.logits(images, count);
        const measured = { pixels, shape, classes, logits, map: heat.map, class: heat.class };
        return faithfulness(measured, points, { signal, progress: tell });
      },
      ways.pixels,
    );
  }

  async sanity(asking: Asking, tell: Tell, signal: AbortSignal): Promise<SanityCheck> {
    const { models, predictor } = this.#parts;
    const { model, picture, ways } = asking;
    const known = await models.use(model, (open) => open.known, ways.pixels);
    const { pixels } = await predictor.input(picture, known, ways);
    const portable = await models.portable(model);
    const own = { ...portable, pixels: ways.pixels ?? portable.pixels };
    const watching = { signal, progress: tell };
    const steps = await cascade(own, pixels, asking.class ?? null, questionOf(asking), watching);
    return {
      cascade: steps.map(({ layer, correlation, map }) => ({ layer, correlation, map: sent(map) })),
      sensitive: (steps.at(-1)?.correlation ?? 1) < 0.5,
    };
  }

  /** Fails also: `file/not-writable`, `file/no-space`. */
  async save(asking: Input<'save'>, signal?: AbortSignal): Promise<Explanation> {
    const { picture, overlay, sideBySide: beside, colours, opacity } = asking;
    const { explanation, heat, place, pixels } = await this.#explained(asking, signal);
    if (overlay === undefined && beside === undefined) return explanation;
    const file =
      'path' in picture ? picture.path : 'photo' in picture ? this.#parts.photos.get(picture.photo).path : null;
    const stored = 'dataset' in picture ? storedPixels(await this.#parts.dataset(picture.dataset), picture) : pixels;
    const original = await originalPicture(file, place.picture, stored);
    const paint = { colours, opacity };
    if (overlay !== undefined) await writeAtomic(overlay, await pngOf(overlaid(original, heat.map, place, paint)));
    if (beside !== undefined) {
      const { label, probability } = explanation.class;
      const captions = {
        title: `${label}, ${(probability * 100).toFixed(1)} %`,
        heat: [explanation.method, ...(explanation.layer ? [explanation.layer.name] : [])].join(', '),
      };
      await writeAtomic(beside, await sideBySide(original, heat.map, place, paint, captions));
    }
    return explanation;
  }

  async #explained(asking: Asking, signal?: AbortSignal): Promise<Explained> {
    const { model, picture, ways } = asking;
    const started = performance.now();
    return this.#parts.models.use(
      model,
      async (open) => {
        const { pixels, place } = await this.#parts.predictor.input(picture, open.known, ways);
        const heat = await explainerOf(open).heat(pixels, asking.class ?? null, questionOf(asking), { signal });
        const { method, layer, instead, score, maximum, map } = heat;
        const { label = String(heat.class) } = open.classes[heat.class] ?? {};
        const explanation: Explanation = {
          ...{ model, method, score, layer, maximum, place },
          ...(instead && { instead }),
          class: { index: heat.class, label, probability: heat.probabilities[heat.class] ?? 0 },
          map: sent(map),
          milliseconds: performance.now() - started,
        };
        return { explanation, heat, place, pixels };
      },
      ways.pixels,
    );
  }
}

interface Explained {
  readonly explanation: Explanation;
  readonly heat: Heat;
  readonly place: InputPlace;
  /** As the network got them. */
  readonly pixels: Uint8Array;
}

const questionOf = ({ method, layer, options }: Asking): Question => ({ method, layer, options });
