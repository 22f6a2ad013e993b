import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Damaged, type NamedShape, type NamedValues } from '../safetensors.ts';

/**
 * A safetensors file whose kernels are whole numbers: `<name>` (int16) times `<name>/scale` of its output channel, or
 * with `<name>/low` (uint8) beside it (256 · int16 + uint8) · scale. What is not packed is float32. In `__metadata__`
 * stands the SHA-256 of the values. test/support/embed-model.mjs writes it.
 */

const entry = z.object({
  dtype: z.enum(['F32', 'I16', 'U8']),
  shape: z.array(z.number().int().nonnegative()),
  data_offsets: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]),
});
type Entry = z.infer<typeof entry>;
const headerOf = z
  .object({ __metadata__: z.object({ sha256: z.string() }) })
  .catchall(z.union([entry, z.record(z.string(), z.string())]));
const bytesOf = { F32: 4, I16: 2, U8: 1 } as const;

/** The values of these tensors, in this order. Throws `Damaged`. */
export function unpackWeights(content: Buffer, expected: readonly NamedShape[]): NamedValues[] {
  const length = content.length < 8 ? Infinity : Number(content.readBigUInt64LE(0));
  if (length > content.length - 8) throw new Damaged(`${content.length} bytes`);
  const header = headerOf.parse(JSON.parse(content.subarray(8, 8 + length).toString('utf8')));
  const data = content.subarray(8 + length);
  const digest = createHash('sha256').update(data).digest('hex');
  if (header.__metadata__.sha256 !== digest) throw new Damaged('its checksum does not match');
  const find = (name: string): Entry | null => entry.safeParse(header[name]).data ?? null;

  return expected.map(({ name, shape }) => {
    const main = find(name);
    if (main?.shape.join() !== shape.join()) throw new Damaged(`${name} is not of shape ${shape.join('×')}`);
    if (main.dtype === 'F32') return { name, shape, values: new Float32Array(aligned(data, main)) };
    const scale = find(`${name}/scale`);
    if (!scale) throw new Damaged(`${name} has no scale`);
    const low = find(`${name}/low`);
    const whole = new Int16Array(aligned(data, main));
    const scales = new Float32Array(aligned(data, scale));
    return { name, shape, values: scaled(whole, low ? new Uint8Array(aligned(data, low)) : null, scales) };
  });
}

function scaled(whole: Int16Array, low: Uint8Array | null, scales: Float32Array): Float32Array {
  const values = new Float32Array(whole.length);
  const channels = scales.length;
  for (let place = 0; place < whole.length; place++) {
    const value = whole[place] ?? 0;
    const scale = scales[place % channels] ?? 0;
    values[place] = (low ? 256 * value + (low[place] ?? 0) : value) * scale;
  }
  return values;
}

/** A copy: typed arrays of more than a byte cannot begin anywhere. */
function aligned(data: Buffer, { dtype, shape, data_offsets: [from, to] }: Entry): ArrayBuffer {
  const bytes = bytesOf[dtype] * shape.reduce((size, side) => size * side, 1);
  if (to - from !== bytes || to > data.length) throw new Damaged('a tensor is not where its header says');
  return new Uint8Array(data.subarray(from, to)).buffer;
}
