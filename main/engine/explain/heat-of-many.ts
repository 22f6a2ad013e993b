import { setImmediate as breathe } from 'node:timers/promises';
import type { z } from 'zod';
import sharp from 'sharp';
import { AppError } from '#contract/failures.ts';
import type { explainContract, MeanHeat } from '#contract/explain.ts';
import type { ImageSource } from '#engine/data/data-set.ts';
import type { Tell } from '#engine/data/progress.ts';
import type { OpenModel } from '#engine/predict/models.ts';
import { largest, type Explainer } from './explainer.ts';
import { explainerOf, sent, type ExplanationParts } from './explanations.ts';
import { coarsened, type Heat, type Plane } from './heat.ts';
import { centreOf, Means, outsideOf, sorted } from './mean-heat.ts';
import type { Question, Watching } from './question.ts';

type Asked = z.output<NonNullable<(typeof explainContract)['meanHeat']['~orpc']['inputSchema']>>;

/** Pictures explained together. */
const atOnce = 8;
/** Values a line and a column of a picture's own map: ten thousand maps of pixels would take gigabytes. */
const rowSide = 32;

/**
 * Where a network looks in many images of a data set: the mean of their maps, and each one's own.
 * Fails: `data/unknown-set`, `data/unknown-image`, `train/no-images` where none is of the class, and as `Explainer.heat`.
 */
export function meanHeat(asked: Asked, parts: ExplanationParts, tell: Tell, signal: AbortSignal): Promise<MeanHeat> {
  const { dataset, split, box, method, layer } = asked;
  const question: Question = { method, layer };
  return parts.models.use(asked.model, async (open) => {
    const source = (await parts.dataset(dataset)).source(split);
    const indices = source ? chosenImages(source, asked) : [];
    if (!source || indices.length === 0) {
      throw new AppError('train/no-images', `There are no such images in ${split} of ${dataset}.`, { split });
    }
    const explainer = explainerOf(open);
    const means = new Means();
    const rows: (Omit<MeanHeat['rows'][number], 'map'> & { map: Plane })[] = [];
    const batch = explainer.takesMany(question) && indices.length >= atOnce ? atOnce : 1;
    for (let first = 0; first < indices.length; first += batch) {
      signal.throwIfAborted();
      const some = indices.slice(first, first + batch);
      const inputs = await Promise.all(
        some.map((index) => parts.predictor.input({ dataset, split, index }, open.known, {})),
      );
      const pictures = inputs.map(({ pixels }) => pixels);
      const heats = await explained(explainer, pictures, batch, asked.class ?? null, question, { signal });
      for (const [at, heat] of heats.entries()) {
        const [index = 0, pixels = new Uint8Array()] = [some[at], pictures[at]];
        means.add(heat.map, pixels);
        const predicted = largest(heat.probabilities);
        const file = source.files?.(index);
        rows.push({
          ...{ index, predicted, probability: heat.probabilities[predicted] ?? 0, centre: centreOf(heat.map) },
          ...(file !== undefined && { file }),
          ...(box && { outside: outsideOf(heat.map, box) }),
          map: coarsened(heat.map, rowSide),
        });
      }
      tell(rows.length, indices.length);
      await breathe();
    }
    return {
      count: means.count,
      map: sent(means.map),
      image: await dataUrl(means.picture, open),
      rows: sorted(rows, coarsened(means.map, rowSide)).map((row) => ({ ...row, map: sent(row.map) })),
    };
  });
}

/** Of more than are wanted, evenly many from the whole split. */
export function chosenImages(
  { labels, count }: Pick<ImageSource, 'labels' | 'count'>,
  asked: Pick<Asked, 'indices' | 'of' | 'most'>,
) {
  const listed = asked.indices ?? Array.from({ length: count }, (_, index) => index);
  const all = listed.filter((index) => asked.of === undefined || labels[index] === asked.of);
  const most = Math.min(asked.most, all.length);
  return Array.from({ length: most }, (_, at) => all[Math.floor((at * all.length) / most)] ?? 0);
}

async function explained(
  explainer: Explainer,
  pictures: readonly Uint8Array[],
  batch: number,
  index: number | null,
  question: Question,
  watching: Watching,
): Promise<Heat[]> {
  const [only] = pictures;
  if (batch === 1 && only) return [await explainer.heat(only, index, question, watching)];
  // The last batch is filled up, so that no other size is compiled.
  const size = only?.length ?? 0;
  const together = new Uint8Array(batch * size);
  for (const [at, pixels] of pictures.entries()) together.set(pixels, at * size);
  return explainer.heatMaps(together, new Array<number | null>(batch).fill(index), question).slice(0, pictures.length);
}

async function dataUrl(pixels: Uint8Array, { known: { height, width, channels } }: OpenModel): Promise<string> {
  const raw = { width, height, channels: channels === 1 ? (1 as const) : (3 as const) };
  const png = await sharp(pixels, { raw }).png().toBuffer();
  return `data:image/png;base64,${png.toString('base64')}`;
}
