// Makes assets/models/efficientnet-lite0.safetensors from a Keras model file:
//   node test/support/embed-model.mjs FOLDER/efficientnet_lite0.h5
// Large kernels become whole numbers of 16 or 24 bits with a scale for each output channel, half the size or three
// quarters; main/engine/model/zoo/packed-weights.ts says how and reads them.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import h5wasm from 'h5wasm/node';
import { root } from '../../scripts/places.mjs';

const [source] = process.argv.slice(2);
if (!source) throw new Error('Which file? node test/support/embed-model.mjs FILE.h5');
const target = join(root, 'assets', 'models', 'efficientnet-lite0.safetensors');

/** 16 bits move the softmax by up to 3e-4 where few weights serve many places; at the end of the network they do not. */
const bitsOf = (layer) => (layer === 'top_conv' || layer === 'predictions' ? 16 : 24);

await h5wasm.ready;
const file = new h5wasm.File(source, 'r');
const layers = JSON.parse(file.attrs['model_config'].value).config.layers;
const pieces = [];
const entries = {};
let offset = 0;

for (const { class_name: kind, name: layer } of layers) {
  const group = file.get(`model_weights/${layer}`);
  for (const path of group?.attrs['weight_names']?.value ?? []) {
    const dataset = group.get(path);
    add({
      name: `${layer}/${path.split('/').at(-1)}`,
      shape: dataset.shape.map(Number),
      values: Float32Array.from(dataset.value),
      bits: bitsOf(layer),
      // Of a depthwise kernel [row, column, channel, multiplier] the last two are one.
      channelAxes: kind === 'DepthwiseConv2D' ? 2 : 1,
    });
  }
}
file.close();

function add({ name, shape, values, bits, channelAxes }) {
  if (shape.length < 2) return put(name, 'F32', shape, values);
  const channels = shape.slice(-channelAxes).reduce((count, side) => count * side, 1);
  const scales = new Float32Array(channels);
  const largest = 2 ** (bits - 1) - 1;
  for (const [place, value] of values.entries()) {
    const channel = place % channels;
    scales[channel] = Math.max(scales[channel], Math.abs(value));
  }
  for (const [channel, most] of scales.entries()) scales[channel] = most === 0 ? 1 : most / largest;
  const whole = Int32Array.from(values, (value, place) =>
    Math.max(-largest, Math.min(largest, Math.round(value / scales[place % channels]))),
  );
  if (bits === 16) put(name, 'I16', shape, Int16Array.from(whole));
  else {
    put(
      name,
      'I16',
      shape,
      Int16Array.from(whole, (value) => value >> 8),
    );
    put(
      `${name}/low`,
      'U8',
      shape,
      Uint8Array.from(whole, (value) => value & 255),
    );
  }
  put(`${name}/scale`, 'F32', [channels], scales);
}

function put(name, dtype, shape, values) {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  entries[name] = { dtype, shape, data_offsets: [offset, offset + bytes.length] };
  pieces.push(bytes);
  offset += bytes.length;
}

const data = Buffer.concat(pieces);
const metadata = { format: 'heatlens-packed', sha256: createHash('sha256').update(data).digest('hex') };
const header = JSON.stringify({ __metadata__: metadata, ...entries });
// Values begin at a multiple of 8, as the format asks; the header is filled up with spaces.
const padded = Buffer.from(header + ' '.repeat(7 - ((Buffer.byteLength(header) + 7) % 8)));
const length = Buffer.alloc(8);
length.writeBigUInt64LE(BigInt(padded.length));
writeFileSync(target, Buffer.concat([length, padded, data]));
console.log(`${target}: ${8 + padded.length + data.length} bytes`);
