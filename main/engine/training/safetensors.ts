import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '#contract/failures.ts';
import { writeAtomic } from '#engine/project/atomic.ts';

/**
 * Weights in one file, as github.com/huggingface/safetensors describes it: 8 bytes header length (little-endian),
 * a JSON header {name: {dtype, shape, data_offsets}}, then the values. Here always float32, little-endian, with the
 * SHA-256 of the values in `__metadata__`.
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

const headerLimit = 16 * 2 ** 20;
const entry = z.object({
  dtype: z.literal('F32'),
  shape: z.array(z.number().int().nonnegative()),
  data_offsets: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]),
});

/** Returns the SHA-256 of the values, hex. Fails: `file/no-space`, `file/not-writable`; an earlier file is then intact. */
export async function writeSafetensors(file: string, tensors: readonly NamedValues[]): Promise<string> {
  const parts = tensors.map(({ values }) => Buffer.from(values.buffer, values.byteOffset, values.byteLength));
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  const digest = hash.digest('hex');
  const header: Record<string, unknown> = { __metadata__: { sha256: digest, format: 'heatlens' } };
  let offset = 0;
  for (const { name, shape, values } of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + values.byteLength] };
    offset += values.byteLength;
  }
  const text = JSON.stringify(header);
  // Values begin at a multiple of 8, as the format asks; the header is filled up with spaces.
  const padded = Buffer.from(text.padEnd(Math.ceil(Buffer.byteLength(text) / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  await writeAtomic(file, Buffer.concat([length, padded, ...parts]));
  return digest;
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
  const torn = (reason: string) =>
    new AppError('run/torn', `${file} cannot be used: ${reason}.`, { run, file, reason });
  const bytes = expected.reduce((sum, { shape }) => sum + 4 * shape.reduce((size, side) => size * side, 1), 0);
  const found = await stat(file).catch(() => null);
  if (!found) throw new AppError('run/no-weights', `Run ${run} has no weights: ${file} is missing.`, { run });
  if (found.size < bytes + 8 || found.size > bytes + 8 + headerLimit) {
    throw torn(`${found.size} bytes, expected about ${bytes}`);
  }
  const content = await readFile(file);
  const length = content.readBigUInt64LE(0);
  if (length > BigInt(content.length - 8)) throw torn('its header is longer than the file');
  const start = 8 + Number(length);
  if (content.length - start !== bytes) throw torn(`${content.length - start} bytes of values, expected ${bytes}`);
  const data = content.subarray(start);
  const header = parseHeader(content.subarray(8, start).toString('utf8'));
  if (!header) throw torn('its header is not the JSON of a safetensors file');
  const digest = createHash('sha256').update(data).digest('hex');
  if (header.sha256 !== digest) throw torn('its checksum does not match');
  const places = expected.map(({ name, shape }) => {
    const place = entry.safeParse(header.entries[name]);
    if (!place.success) throw torn(`there is no float32 tensor ${name}`);
    const [from, to] = place.data.data_offsets;
    const size = 4 * shape.reduce((product, side) => product * side, 1);
    if (place.data.shape.join() !== shape.join() || to - from !== size || to > data.length) {
      throw torn(`${name} has shape ${place.data.shape.join('×')}, expected ${shape.join('×')}`);
    }
    return { name, shape, from, to };
  });
  // Together they are as long as the values: without overlap there is no gap either.
  const inOrder = [...places].sort((a, b) => a.from - b.from);
  if (inOrder.some(({ from }, place) => from < (inOrder[place - 1]?.to ?? 0))) throw torn('its tensors overlap');
  return places.map(({ name, shape, from, to }) => {
    const values = new Float32Array((to - from) / 4);
    Buffer.from(values.buffer).set(data.subarray(from, to));
    return { name, shape, values };
  });
}

function parseHeader(text: string): { sha256: unknown; entries: Record<string, unknown> } | null {
  try {
    const { __metadata__: metadata, ...entries } = JSON.parse(text) as Record<string, unknown>;
    return { sha256: (metadata as { sha256?: unknown } | undefined)?.sha256, entries };
  } catch {
    return null;
  }
}
