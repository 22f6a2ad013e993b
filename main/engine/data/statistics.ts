import { setImmediate } from 'node:timers/promises';
import { split as splitNames, type Split, type SplitStatistics } from '#contract/data.ts';
import type { DataSet, ImageSource } from './data-set.ts';
import { addPixels, addSums, noPixels, type PixelSums } from './pixel-sums.ts';
import { ascending } from './random.ts';

/** Bytes looked at between two looks at other calls: a few milliseconds. */
const stretch = 4 * 2 ** 20;

const known = new WeakMap<DataSet, Promise<SplitStatistics[]>>();

/** Exact figures of every split. Kept as long as the data set is. */
export function statisticsOf(dataSet: DataSet): Promise<SplitStatistics[]> {
  const found = known.get(dataSet) ?? measure(dataSet);
  known.set(dataSet, found);
  return found;
}

async function measure(dataSet: DataSet): Promise<SplitStatistics[]> {
  const statistics: SplitStatistics[] = [];
  for (const split of splitNames.options) {
    const source = dataSet.source(split);
    if (source) statistics.push(await measureSplit(dataSet, split, source));
  }
  return statistics;
}

async function measureSplit(dataSet: DataSet, split: Split, source: ImageSource): Promise<SplitStatistics> {
  const { height, width } = dataSet;
  const perClass = new Array<number>(dataSet.classes.length).fill(0);
  for (const label of source.labels) perClass[label] = (perClass[label] ?? 0) + 1;
  const sums = knownSums(dataSet, source) ?? (await readSums(dataSet, source));
  return { split, count: source.count, perClass, ...meanAndStd(sums, source.count * height * width) };
}

/** Where each image was summed up when it was decoded. */
function knownSums({ channels }: DataSet, source: ImageSource): PixelSums | null {
  const whole = noPixels(channels);
  for (let index = 0; index < source.count; index++) {
    const one = source.sums?.(index);
    if (!one) return null;
    addSums(whole, one);
  }
  return whole;
}

async function readSums({ height, width, channels }: DataSet, source: ImageSource): Promise<PixelSums> {
  const imageBytes = height * width * channels;
  const images = Math.max(1, Math.floor(stretch / imageBytes));
  const pixels = new Uint8Array(images * imageBytes);
  const whole = noPixels(channels);
  for (let first = 0; first < source.count; first += images) {
    const indices = ascending(Math.min(images, source.count - first), first);
    const read = pixels.subarray(0, indices.length * imageBytes);
    source.read(indices, read);
    addPixels(whole, read);
    await setImmediate();
  }
  return whole;
}

/** Over all pixels, divided by 255; the deviation of the whole population (÷ n), as NumPy's `std`. */
function meanAndStd({ sums, squares }: PixelSums, n: number): { mean: number[]; std: number[] } {
  const mean = sums.map((sum) => sum / n);
  const std = mean.map((value, channel) => Math.sqrt(Math.max(0, (squares[channel] ?? 0) / n - value * value)) / 255);
  return { mean: mean.map((value) => value / 255), std };
}
