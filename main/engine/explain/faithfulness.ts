import { setImmediate as breathe } from 'node:timers/promises';
import type { Faithfulness } from '#contract/explain.ts';
import { generator, permutation, shuffle } from '#engine/data/random.ts';
import { softmax } from '#engine/predict/softmax.ts';
import { blurred } from './blur.ts';
import { resized, type Plane } from './heat.ts';
import type { Logits, Watching } from './question.ts';

type Curve = Faithfulness['deletion'];

/** Pictures predicted at once. */
const atOnce = 8;
const seed = 1;
/** Maps of chance whose curves are averaged. */
const chances = 3;

export interface Measured {
  /** [height, width, channel], 0…255 */
  readonly pixels: Uint8Array;
  readonly shape: readonly [height: number, width: number, channels: number];
  readonly map: Plane;
  readonly class: number;
  readonly classes: number;
  readonly logits: Logits;
}

/**
 * Petsiuk et al. 2018, §4.1: pixels by their heat, hottest first, are set to the picture's mean colour (deletion), or put
 * onto the blurred picture (insertion), and the class's probability is followed. Beside it the mean of the same with maps
 * of chance, which are as coarse as this one: single pixels strewn over a picture confuse a network more than any patch
 * does. A map that is no better explains nothing.
 *
 * @param points steps of each curve; it has one more value
 */
export async function faithfulness(measured: Measured, points: number, watching: Watching): Promise<Faithfulness> {
  const { pixels, shape } = measured;
  const hottest = byHeat(measured);
  const grey = meanColour(pixels, shape[2]);
  const soft = blurred(pixels, shape);
  const total = 2 * (1 + chances) * (points + 1);
  let done = 0;
  const told: Watching = {
    ...watching,
    progress: () => watching.progress?.(++done, total),
  };
  const deletion = await curve(measured, pixels, grey, hottest, points, told);
  const insertion = await curve(measured, soft, pixels, hottest, points, told);
  const [deletions, insertions]: [Curve[], Curve[]] = [[], []];
  for (let chance = 0; chance < chances; chance++) {
    const order = byHeat({ ...measured, map: chanceMap(measured.map, chance) });
    deletions.push(await curve(measured, pixels, grey, order, points, told));
    insertions.push(await curve(measured, soft, pixels, order, points, told));
  }
  const [randomDeletion, randomInsertion] = [mean(deletions), mean(insertions)];
  return {
    deletion,
    insertion,
    deletionArea: area(deletion),
    insertionArea: area(insertion),
    random: {
      deletion: randomDeletion,
      insertion: randomInsertion,
      deletionArea: area(randomDeletion),
      insertionArea: area(randomInsertion),
    },
  };
}

/** The class's probability while more and more pixels of `from` are as in `to`. */
async function curve(
  { class: index, classes, logits, shape: [, , channels] }: Measured,
  from: Uint8Array,
  to: Uint8Array,
  order: Uint32Array,
  points: number,
  { signal, progress }: Watching,
): Promise<Curve> {
  // Not `slice`: of a Buffer, which decoded pixels are, that would be the picture itself.
  const picture = new Uint8Array(from);
  const result: Curve = [];
  let changed = 0;
  const batch = new Uint8Array(atOnce * from.length);
  for (let first = 0; first <= points; first += atOnce) {
    signal?.throwIfAborted();
    const count = Math.min(atOnce, points + 1 - first);
    for (let at = 0; at < count; at++) {
      const end = Math.round(((first + at) / points) * order.length);
      for (; changed < end; changed++) {
        const place = (order[changed] ?? 0) * channels;
        for (let channel = 0; channel < channels; channel++) picture[place + channel] = to[place + channel] ?? 0;
      }
      batch.set(picture, at * from.length);
    }
    const scores = logits(batch, atOnce);
    for (let at = 0; at < count; at++) {
      const probabilities = softmax(scores.subarray(at * classes, (at + 1) * classes));
      result.push([(first + at) / points, probabilities[index] ?? 0]);
      progress?.(0, 0);
    }
    await breathe();
  }
  return result;
}

/** Pixels, hottest first; among equals by chance, not from the top to the bottom. */
function byHeat({ map, shape: [height, width] }: Measured): Uint32Array {
  const { values } = resized(map, width, height);
  const order = shuffle(
    Uint32Array.from(values, (_, at) => at),
    generator(seed, 0),
  );
  return order.sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0));
}

/** As many places as the map has, in random order of heat. */
function chanceMap({ height, width }: Plane, chance: number): Plane {
  return { height, width, values: Float32Array.from(permutation(height * width, seed, 1 + chance)) };
}

const mean = (curves: readonly Curve[]): Curve =>
  (curves[0] ?? []).map(([part], at) => [
    part,
    curves.reduce((sum, each) => sum + (each[at]?.[1] ?? 0), 0) / curves.length,
  ]);

function meanColour(pixels: Uint8Array, channels: number): Uint8Array {
  const sums = new Float64Array(channels);
  for (const [at, level] of pixels.entries()) sums[at % channels] = (sums[at % channels] ?? 0) + level;
  const count = pixels.length / channels;
  return pixels.map((_, at) => Math.round((sums[at % channels] ?? 0) / count));
}

/** By trapezoids; the fractions are evenly apart, from 0 to 1. */
export function area(points: Curve): number {
  return points.reduce((sum, [x, y], at) => {
    const [before, value] = points[at - 1] ?? [x, y];
    return sum + ((x - before) * (y + value)) / 2;
  }, 0);
}
