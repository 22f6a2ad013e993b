import { setImmediate } from 'node:timers/promises';
import { split as splitNames, type Split, type SplitStatistics } from '#contract/data.ts';
import type { DataSet, ImageSource } from './data-set.ts';
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
  const { height, width, channels } = dataSet;
  const imageBytes = height * width * channels;
  const images = Math.max(1, Math.floor(stretch / imageBytes));
  const pixels = new Uint8Array(images * imageBytes);
  const sums = new Float64Array(channels);
  const squares = new Float64Array(channels);
  for (let first = 0; first < source.count; first += images) {
    const indices = ascending(Math.min(images, source.count - first), first);
    const read = pixels.subarray(0, indices.length * imageBytes);
    source.read(indices, read);
    for (let channel = 0; channel < channels; channel++) addChannel(read, channel, channels, sums, squares);
    await setImmediate();
  }
  const perClass = new Array<number>(dataSet.classes.length).fill(0);
  for (const label of source.labels) perClass[label] = (perClass[label] ?? 0) + 1;
  return { split, count: source.count, perClass, ...meanAndStd(sums, squares, source.count * height * width) };
}

/** Whole numbers below 2⁵³: the sums are exact for up to 10¹¹ pixels. */
function addChannel(
  pixels: Uint8Array,
  channel: number,
  step: number,
  sums: Float64Array,
  squares: Float64Array,
): void {
  let sum = 0;
  let square = 0;
  for (let at = channel; at < pixels.length; at += step) {
    const value = pixels[at] ?? 0;
    sum += value;
    square += value * value;
  }
  sums[channel] = (sums[channel] ?? 0) + sum;
  squares[channel] = (squares[channel] ?? 0) + square;
}

/** Over all pixels, divided by 255; the deviation of the whole population (÷ n), as NumPy's `std`. */
function meanAndStd(sums: Float64Array, squares: Float64Array, n: number): { mean: number[]; std: number[] } {
  const mean = [...sums].map((sum) => sum / n);
  const std = mean.map((value, channel) => Math.sqrt(Math.max(0, (squares[channel] ?? 0) / n - value * value)) / 255);
  return { mean: mean.map((value) => value / 255), std };
}
