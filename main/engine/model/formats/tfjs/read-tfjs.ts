import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { NamedValues } from '../../safetensors.ts';
import { product } from '../../layer-facts.ts';
import { damaged, refused } from '../file-problem.ts';
import { inOrder, lookOf, portableOf, weightsOf } from '../keras/reading/assemble.ts';
import { parseOwnWords } from '../keras/reading/own-words.ts';
import { readNetwork } from '../keras/reading/read-network.ts';
import type { StoredLayer } from '../keras/reading/stored-weights.ts';
import type { FileFacts, ReadModel, ReadOptions } from '../read-model.ts';
import { isObject } from '../safe-json.ts';

/** tfjs-core's io/types.ts */
const manifest = z
  .array(
    z.object({
      paths: z.array(z.string().max(500)).max(10_000),
      weights: z
        .array(
          z.object({
            name: z.string().max(1000),
            shape: z
              .array(
                z
                  .number()
                  .int()
                  .nonnegative()
                  .max(2 ** 31),
              )
              .max(8),
            dtype: z.string(),
            quantization: z.unknown().optional(),
          }),
        )
        .max(50_000),
    }),
  )
  .max(1000);

const largestShard = 2 ** 31;
const largestTotal = 2 ** 32;

/** A tfjs layers model: model.json, and shards of float32 values in the same folder. Rejects with `FileProblem`. */
export async function readTfjs(
  file: FileFacts,
  json: Record<string, unknown>,
  { weights, signal }: ReadOptions,
): Promise<ReadModel> {
  const topology = json['modelTopology'];
  if (json['format'] === 'graph-model' || !isObject(topology)) {
    throw refused('it is a tfjs graph model; its layers are not in it any more');
  }
  const model = isObject(topology['model_config']) ? topology['model_config'] : topology;
  const notes = new Set<string>();
  const network = readNetwork(model, notes);
  const said = json['userDefinedMetadata'];
  const words = isObject(said) ? parseOwnWords(said['heatlens']) : null;
  const groups = manifest.safeParse(json['weightsManifest']);
  if (!groups.success) throw damaged('its weightsManifest is not as tfjs writes it');
  const arrays = groups.data.flatMap((group) => group.weights);
  for (const { name, dtype, quantization } of arrays) {
    if (dtype !== 'float32' || quantization !== undefined) throw refused(`its weights ${name} are not plain float32`);
  }
  const found = weightsOf(network, storedIn(arrays));
  const look = lookOf(file, 'tfjs', network, words, undefined, notes);
  if (!weights) return { look, model: portableOf(network, words, []) };
  const values = new Map<string, Float32Array>();
  let total = 0;
  for (const group of groups.data) {
    signal?.throwIfAborted();
    const wanted = group.weights.reduce((sum, { shape }) => sum + 4 * product(shape), 0);
    if ((total += wanted) > largestTotal) throw refused('its weights are too large');
    const bytes = await readShards(path.dirname(file.path), group.paths, wanted);
    let at = 0;
    for (const { name, shape } of group.weights) {
      const array = new Float32Array(product(shape));
      Buffer.from(array.buffer).set(bytes.subarray(at, at + array.byteLength));
      at += array.byteLength;
      values.set(name, array);
    }
  }
  const read: NamedValues[] = found.map(({ name, shape, path: key }) => ({
    name,
    shape,
    values: values.get(key) ?? new Float32Array(product(shape)),
  }));
  return { look, model: portableOf(network, words, inOrder(network, read)), fit: words?.fit };
}

/** By the layer, which is all but the last part of a name: `conv/kernel`. */
function storedIn(arrays: readonly { readonly name: string; readonly shape: readonly number[] }[]): StoredLayer[] {
  const layers = new Map<
    string,
    StoredLayer & { weights: { name: string; path: string; shape: readonly number[] }[] }
  >();
  for (const { name: whole, shape } of arrays) {
    const cut = whole.lastIndexOf('/');
    const name = whole.slice(0, cut).split('/').at(-1) ?? whole;
    const layer = layers.get(name) ?? { name, group: name, weights: [] };
    layer.weights.push({ name: whole.slice(cut + 1), path: whole, shape });
    layers.set(name, layer);
  }
  return [...layers.values()];
}

/** All of a group's shards, one after the other, exactly as long as its arrays. */
async function readShards(folder: string, names: readonly string[], wanted: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for (const name of names) {
    // Beside model.json and nowhere else.
    if (path.basename(name) !== name || name === '' || name === '..' || name.includes('\\')) {
      throw refused(`it names a file that does not lie beside it, ${name}`);
    }
    const at = path.join(folder, name);
    const found = await stat(at).catch(() => null);
    if (!found?.isFile()) throw damaged(`its file ${name} is not beside it`);
    if (found.size > largestShard || (size += found.size) > wanted) {
      throw damaged(`its file ${name} is longer than its arrays`);
    }
    parts.push(await readFile(at));
  }
  if (size !== wanted) throw damaged(`its files have ${size} bytes of values, expected ${wanted}`);
  return Buffer.concat(parts);
}
