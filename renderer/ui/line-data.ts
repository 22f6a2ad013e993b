/** The arithmetic of line charts: smoothing, thinning, reading at a place. Pure; x ascends within a line. */

export interface Line {
  /** Also its name in the CSV. */
  readonly label: string;
  /** Which of the eight series colours, from 0: one a run. */
  readonly series: number;
  /** Validation is drawn dashed, in the colour of its run. */
  readonly dashed: boolean;
  /** Whether the chart's smoothing is for this line. */
  readonly smoothed: boolean;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Where `y` is the mean of several values: the lowest and highest of them. */
  readonly low?: ArrayLike<number>;
  readonly high?: ArrayLike<number>;
}

export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Exponential moving average with the bias of its start removed, as TensorBoard draws it
 * (tensorboard/webapp/widgets/line_chart_v2/data_transformer.ts): weight 0 leaves the values, 0.99 is nearly level.
 * Values that are not finite stay as they are and do not count.
 */
export function smooth(values: ArrayLike<number>, weight: number): Float64Array {
  const out = new Float64Array(values.length);
  let mean = 0;
  let start = 1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (weight <= 0 || !Number.isFinite(value)) {
      out[i] = value;
      continue;
    }
    mean = mean * weight + (1 - weight) * value;
    start *= weight;
    out[i] = mean / (1 - start);
  }
  return out;
}

/** The first place whose x is not below `at`; the length if there is none. */
export function placeOf(x: ArrayLike<number>, at: number): number {
  let low = 0;
  let high = x.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? Infinity) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The place whose x is nearest to `at`; -1 in an empty line. */
export function nearest(x: ArrayLike<number>, at: number): number {
  const after = placeOf(x, at);
  if (after === 0) return x.length > 0 ? 0 : -1;
  if (after === x.length) return x.length - 1;
  return at - (x[after - 1] ?? at) <= (x[after] ?? at) - at ? after - 1 : after;
}

/**
 * At most some 2 × `buckets` points of the line that look like all of them: of each stretch of x places its lowest and its
 * highest value, in order, and both ends. Within `range`, one point beyond it on each side keeps the line whole.
 * What is not finite is left out, so that it neither stretches the axis nor breaks it.
 */
export function thin(x: ArrayLike<number>, y: ArrayLike<number>, range: Range | null, buckets: number): Point[] {
  const first = range ? Math.max(0, placeOf(x, range.from) - 1) : 0;
  const end = range ? Math.min(x.length, placeOf(x, range.to) + 1) : x.length;
  const count = end - first;
  const points: Point[] = [];
  const put = (place: number) => {
    const point = { x: x[place] ?? NaN, y: y[place] ?? NaN };
    if (Number.isFinite(point.y) && points.at(-1)?.x !== point.x) points.push(point);
  };
  if (count <= buckets * 2) {
    for (let place = first; place < end; place++) put(place);
    return points;
  }
  put(first);
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = first + Math.floor((bucket * count) / buckets);
    const to = first + Math.floor(((bucket + 1) * count) / buckets);
    const [low, high] = extremes(y, from, to);
    put(Math.min(low, high));
    put(Math.max(low, high));
  }
  put(end - 1);
  return points;
}

/** A line's extremes and its mean, stretch by stretch. */
export interface Envelope {
  readonly low: Point[];
  readonly high: Point[];
  readonly mean: Point[];
}

/**
 * Of each stretch of a line that has more places than can be told apart: its lowest, its highest and its mean value, so
 * that thinning hides nothing. Null where every value can be drawn and stands for itself.
 * @param y what the mean is of: the line's values, or those smoothed
 */
export function envelope(line: Line, y: ArrayLike<number>, range: Range | null, buckets: number): Envelope | null {
  const { x, low = line.y, high = line.y } = line;
  const first = range ? Math.max(0, placeOf(x, range.from) - 1) : 0;
  const end = range ? Math.min(x.length, placeOf(x, range.to) + 1) : x.length;
  const count = end - first;
  if (count <= buckets * 2 && !line.low) return null;
  const found: Envelope = { low: [], high: [], mean: [] };
  const stretches = Math.min(buckets, count);
  for (let bucket = 0; bucket < stretches; bucket++) {
    const from = first + Math.floor((bucket * count) / stretches);
    const to = first + Math.floor(((bucket + 1) * count) / stretches);
    const at = x[(from + to - 1) >> 1] ?? NaN;
    let [sum, finite, least, most] = [0, 0, Infinity, -Infinity];
    for (let place = from; place < to; place++) {
      const value = y[place] ?? NaN;
      if (Number.isFinite(value)) [sum, finite] = [sum + value, finite + 1];
      // What is not a number is neither below nor above.
      if ((low[place] ?? NaN) < least) least = low[place] ?? least;
      if ((high[place] ?? NaN) > most) most = high[place] ?? most;
    }
    if (finite === 0 || !Number.isFinite(least) || !Number.isFinite(most)) continue;
    found.low.push({ x: at, y: least });
    found.high.push({ x: at, y: most });
    found.mean.push({ x: at, y: sum / finite });
  }
  return found;
}

/** Places of the lowest and the highest value in [from, to). */
function extremes(y: ArrayLike<number>, from: number, to: number): [number, number] {
  let low = from;
  let high = from;
  for (let place = from; place < to; place++) {
    const value = y[place] ?? NaN;
    // The negations also leave a start that is not a number.
    if (!(value >= (y[low] ?? NaN)) && Number.isFinite(value)) low = place;
    if (!(value <= (y[high] ?? NaN)) && Number.isFinite(value)) high = place;
  }
  return [low, high];
}

/** All lines as one table: a row for each x that occurs, a cell left empty where a line has no value there. */
export function table(xLabel: string, lines: readonly Line[]): (string | number)[][] {
  const rows = new Map<number, (string | number)[]>();
  for (const [column, line] of lines.entries()) {
    for (let i = 0; i < line.x.length; i++) {
      const x = line.x[i] ?? NaN;
      const row = rows.get(x) ?? lines.map(() => '');
      row[column] = line.y[i] ?? '';
      rows.set(x, row);
    }
  }
  const body = [...rows].sort(([a], [b]) => a - b).map(([x, row]) => [x, ...row]);
  return [[xLabel, ...lines.map((line) => line.label)], ...body];
}
