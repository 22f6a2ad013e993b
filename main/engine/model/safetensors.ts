import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { setImmediate as breathe } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '#contract/failures.ts';
import { writeAtomic } from '#engine/project/atomic.ts';

/**
 * Named arrays in one file, as github.com/huggingface/safetensors describes it: 8 bytes header length (little-endian),
 * a JSON header {name: {dtype, shape, data_offsets}}, then the values. Here always float32, little-endian. Its
 * `__metadata__` has the SHA-256 of the values and, so that nothing else can change unseen, that of the header without
 * this one entry; the writer's own words lie beside.
 */

export interface NamedValues {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export interface NamedShape {
  readonly name: string;
  readonly shape: readonly number[];
}

export interface Contents {
  /** What the writer said of it. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: readonly NamedValues[];
}

const headerLimit = 16 * 2 ** 20;
/** Bytes hashed in one go: some 20 ms. */
const breath = 2 ** 24;
const entry = z.object({
  dtype: z.literal('F32'),
  shape: z.array(z.number().int().nonnegative()),
  data_offsets: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]),
});
const metadataOf = z.record(z.string(), z.string());

/** Not whole, or not what it should be; the message says what. */
export class Damaged extends Error {}

/** The file's bytes, piece after piece, and the SHA-256 of the values, hex. */
export async function encodeSafetensors(
  tensors: readonly NamedValues[],
  metadata: Readonly<Record<string, string>> = {},
): Promise<{ pieces: Uint8Array[]; digest: string }> {
  const parts = tensors.map(({ values }) => Buffer.from(values.buffer, values.byteOffset, values.byteLength));
  const digest = await sha256(parts);
  const said = { ...metadata, format: 'heatlens', sha256: digest };
  const entries: Record<string, unknown> = {};
  let offset = 0;
  for (const { name, shape, values } of tensors) {
    entries[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + values.byteLength] };
    offset += values.byteLength;
  }
  const header = headerDigest(said, entries);
  const text = JSON.stringify({ __metadata__: { ...said, header }, ...entries });
  // Values begin at a multiple of 8, as the format asks; the header is filled up with spaces.
  const bytes = Buffer.byteLength(text);
  const padded = Buffer.from(text + ' '.repeat(Math.ceil(bytes / 8) * 8 - bytes));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return { pieces: [length, padded, ...parts], digest };
}

/** Returns the SHA-256 of the values, hex. Fails: `file/no-space`, `file/not-writable`; an earlier file is then intact. */
export async function writeSafetensors(file: string, tensors: readonly NamedValues[]): Promise<string> {
  const { pieces, digest } = await encodeSafetensors(tensors);
  await writeAtomic(file, pieces);
  return digest;
}

/** SHA-256 of these bytes one after the other, hex. The event loop turns meanwhile: a network can have a gigabyte. */
export async function sha256(pieces: readonly Uint8Array[]): Promise<string> {
  const hash = createHash('sha256');
  let since = 0;
  for (const piece of pieces) {
    for (let from = 0; from < piece.length; from += breath) {
      const part = piece.subarray(from, from + breath);
      hash.update(part);
      since += part.length;
      if (since < breath) continue;
      since = 0;
      await breathe();
    }
  }
  return hash.digest('hex');
}

/** Everything in a file. Rejects with `Damaged`. */
export async function decodeSafetensors(content: Buffer): Promise<Contents> {
  const { metadata, entries, data } = await open(content);
  const places = Object.keys(entries).map((name) => placeOf(entries, name, data.length));
  return { metadata, tensors: cutOut(places, data) };
}

/**
 * What the writer said of a file, from its header alone. Throws `Damaged`.
 * @param start the file's beginning; the header must be in it
 * @param size of the whole file, bytes
 */
export function decodeMetadata(start: Buffer, size: number): Readonly<Record<string, string>> {
  const { metadata, entries, from } = openHeader(start, size);
  const ends = Object.keys(entries).map((name) => placeOf(entries, name, size - from).to);
  if (Math.max(0, ...ends) !== size - from) throw new Damaged(`${size} bytes, which its header does not expect`);
  return metadata;
}

/** Bytes from the beginning that hold the header, told by the first eight. */
export function headerEnd(start: Buffer): number {
  if (start.length < 8) throw new Damaged(`${start.length} bytes`);
  return 8 + Math.min(Number(start.readBigUInt64LE(0)), headerLimit);
}

/**
 * The values of these tensors, in this order. Sizes are compared with what is expected before memory is taken.
 * Fails: `run/no-weights` when there is no file, `run/torn` when it is not whole or not what was expected.
 */
export async function readSafetensors(
  file: string,
  run: string,
  expected: readonly NamedShape[],
): Promise<NamedValues[]> {
  const bytes = expected.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const found = await stat(file).catch(() => null);
  if (!found) throw new AppError('run/no-weights', `Run ${run} has no weights: ${file} is missing.`, { run });
  try {
    if (found.size < bytes + 8 || found.size > bytes + 8 + headerLimit) {
      throw new Damaged(`${found.size} bytes, expected about ${bytes}`);
    }
    const { entries, data } = await open(await readFile(file), bytes);
    const places = expected.map(({ name, shape }) => {
      const place = placeOf(entries, name, data.length);
      if (place.shape.join() === shape.join()) return place;
      throw new Damaged(`${name} has shape ${place.shape.join('×')}, expected ${shape.join('×')}`);
    });
    return cutOut(places, data);
  } catch (thrown) {
    if (!(thrown instanceof Damaged)) throw thrown;
    const reason = thrown.message;
    throw new AppError('run/torn', `${file} cannot be used: ${reason}.`, { run, file, reason });
  }
}

/** Of one tensor in the values. */
interface Place extends NamedShape {
  readonly from: number;
  readonly to: number;
}

interface Opened {
  readonly metadata: Record<string, string>;
  readonly entries: Record<string, unknown>;
  /** Where the values begin. */
  readonly from: number;
}

async function open(content: Buffer, bytes?: number): Promise<Opened & { data: Buffer }> {
  const opened = openHeader(content, content.length, bytes);
  const data = content.subarray(opened.from);
  if (opened.metadata['sha256'] !== (await sha256([data]))) throw new Damaged('its checksum does not match');
  return { ...opened, data };
}

/** @param bytes of the values, where that is known */
function openHeader(content: Buffer, size: number, bytes?: number): Opened {
  if (content.length < 8) throw new Damaged(`${content.length} bytes`);
  const length = content.readBigUInt64LE(0);
  if (length > BigInt(content.length - 8)) throw new Damaged('its header is longer than the file');
  const from = 8 + Number(length);
  if (bytes !== undefined && size - from !== bytes) {
    throw new Damaged(`${size - from} bytes of values, expected ${bytes}`);
  }
  const found = parse(content.subarray(8, from).toString('utf8'));
  const { __metadata__: given, ...entries } = found ?? {};
  const metadata = metadataOf.safeParse(given);
  if (!metadata.success) throw new Damaged('its header is not the JSON of a safetensors file');
  const { header, ...said } = metadata.data;
  // Files of the first versions have none.
  if (header !== undefined && header !== headerDigest(said, entries)) {
    throw new Damaged('the checksum of its header does not match');
  }
  return { metadata: said, entries, from };
}

function headerDigest(metadata: Readonly<Record<string, string>>, entries: Readonly<Record<string, unknown>>): string {
  return createHash('sha256')
    .update(JSON.stringify([metadata, entries]))
    .digest('hex');
}

function placeOf(entries: Readonly<Record<string, unknown>>, name: string, length: number): Place {
  const place = entry.safeParse(entries[name]);
  if (!place.success) throw new Damaged(`there is no float32 tensor ${name}`);
  const { shape } = place.data;
  const [from, to] = place.data.data_offsets;
  if (to - from !== sizeOf(shape) || to > length) throw new Damaged(`${name} is not where its header says`);
  return { name, shape, from, to };
}

function cutOut(places: readonly Place[], data: Buffer): NamedValues[] {
  // Together they are as long as the values: without overlap there is no gap either.
  const inOrder = [...places].sort((a, b) => a.from - b.from);
  if (inOrder.some(({ from }, place) => from < (inOrder[place - 1]?.to ?? 0))) throw new Damaged('its tensors overlap');
  return places.map(({ name, shape, from, to }) => {
    const values = new Float32Array((to - from) / 4);
    Buffer.from(values.buffer).set(data.subarray(from, to));
    return { name, shape, values };
  });
}

const sizeOf = (shape: readonly number[]) => 4 * shape.reduce((product, side) => product * side, 1);

function parse(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown> | null;
  } catch {
    return null;
  }
}
