import { damaged, refused } from '../../file-problem.ts';
import type { FileFacts, ReadModel, ReadOptions } from '../../read-model.ts';
import { isObject, jsonObject } from '../../safe-json.ts';
import { lookOf, portableOf } from './assemble.ts';
import { readNetwork } from './read-network.ts';
import { readTfjs } from '../../tfjs/read-tfjs.ts';

const largestText = 64 * 2 ** 20;

/** An architecture alone, as `model.to_json()` writes it, or a tfjs layers model, whose weights lie beside. Rejects with `FileProblem`. */
export async function readJson(file: FileFacts, text: string, options: ReadOptions): Promise<ReadModel> {
  if (file.bytes > largestText) throw refused('it is longer than a network’s description');
  const json = jsonObject(text, 'it');
  if (isObject(json['modelTopology'])) return readTfjs(file, json, options);
  if (json['format'] === 'graph-model') throw refused('it is a tfjs graph model; its layers are not in it any more');
  if (typeof json['class_name'] !== 'string') throw damaged('it is JSON, but no network’s description');
  const notes = new Set(['It has no weights: they are drawn anew.']);
  const network = readNetwork(json, notes);
  return { look: lookOf(file, 'architecture', network, null, undefined, notes), model: portableOf(network, null, []) };
}
