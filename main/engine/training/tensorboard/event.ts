/**
 * TensorBoard's `Event` (tensorflow/core/util/event.proto) as bytes. By hand, for the messages that tfjs-node brings
 * have no Event, and building its Summary from theirs held the thread that trains for 284 ms after the first epoch of
 * 2,000 batches; this takes 26 ms, in pieces.
 */

export interface Scalar {
  readonly tag: string;
  readonly value: number;
}

/** The kinds of protobuf fields used here (protobuf.dev, "Encoding"). */
const varintKind = 0;
const fixed64Kind = 1;
const bytesKind = 2;

const floatType = 1;
const scalarClass = 1;

/** What an event file begins with. */
export function versionEvent(wallTime: number): Buffer {
  const event = Buffer.concat([Buffer.alloc(wallTimeBytes), bytesField(3, Buffer.from('brain.Event:2'))]);
  putWallTime(event, wallTime);
  return event;
}

/**
 * @param wallTime seconds since 1970
 * @param step 0…2⁵³ − 1
 */
export function scalarEvent(wallTime: number, step: number, scalars: readonly Scalar[]): Buffer {
  const { summary, places } = summaryOf(scalars);
  const stepBytes = varint(step);
  const event = Buffer.alloc(wallTimeBytes + 1 + stepBytes.length + summary.length);
  putWallTime(event, wallTime);
  event[wallTimeBytes] = (2 << 3) | varintKind;
  event.set(stepBytes, wallTimeBytes + 1);
  const start = event.length - summary.length;
  event.set(summary, start);
  for (const [at, { value }] of scalars.entries()) event.writeFloatLE(value, start + (places[at] ?? 0));
  return event;
}

/** The field of a `Summary` with these tags, and where in it their values belong: made once, for all events alike. */
interface SummaryShape {
  readonly summary: Buffer;
  readonly places: readonly number[];
}

const shapes = new Map<string, SummaryShape>();

function summaryOf(scalars: readonly Scalar[]): SummaryShape {
  const key = scalars.map(({ tag }) => tag).join('\n');
  const known = shapes.get(key);
  if (known) return known;
  const values = scalars.map(({ tag }) => bytesField(1, scalarValue(tag)));
  const summary = bytesField(5, Buffer.concat(values));
  let end = summary.length - values.reduce((sum, { length }) => sum + length, 0);
  const places = values.map((value) => (end += value.length) - afterNumber.length - 4);
  const shape = { summary, places };
  shapes.set(key, shape);
  return shape;
}

/** `SummaryMetadata`: of the scalars plugin. */
const afterNumber = bytesField(
  9,
  Buffer.concat([bytesField(1, bytesField(1, Buffer.from('scalars'))), varintField(4, scalarClass)]),
);

/** `Summary.Value` as tf.summary.scalar writes it, its value still 0: a float tensor without sides. */
function scalarValue(tag: string): Buffer {
  const tensor = [varintField(1, floatType), bytesField(2, Buffer.alloc(0)), bytesField(5, Buffer.alloc(4))];
  return Buffer.concat([bytesField(1, Buffer.from(tag)), bytesField(8, Buffer.concat(tensor)), afterNumber]);
}

const wallTimeBytes = 9;

function putWallTime(event: Buffer, seconds: number): void {
  event[0] = (1 << 3) | fixed64Kind;
  event.writeDoubleLE(seconds, 1);
}

function varintField(field: number, value: number): Buffer {
  return Buffer.from([(field << 3) | varintKind, ...varint(value)]);
}

function bytesField(field: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([(field << 3) | bytesKind, ...varint(bytes.length)]), bytes]);
}

/** Seven bits a byte, the lowest first; by division, for steps may pass 2³¹. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) | 128);
  return [...bytes, left];
}
