import { damaged, refused } from '../../file-problem.ts';
import { isObject } from '../../safe-json.ts';
import { nameOf, type Json } from './layer-json.ts';

/** Names of the layers a layer is called with. Throws `FileProblem` where it is called twice. */
export function takenBy(layer: Json): string[] {
  const nodes = layer['inbound_nodes'] ?? [];
  if (!Array.isArray(nodes)) throw damaged(`layer “${nameOf(layer)}” has no list of what it takes`);
  if (nodes.length > 1)
    throw refused(`layer “${nameOf(layer)}” is used ${nodes.length} times; Heatlens’ layers are used once`);
  const [node] = nodes as unknown[];
  if (node === undefined) return [];
  return Array.isArray(node) ? takenInTwo(node, layer) : takenInThree(node, layer);
}

/** Keras 2: [[name, node, tensor, arguments], …] */
function takenInTwo(node: readonly unknown[], layer: Json): string[] {
  // Of a single input some versions leave the outer list out.
  const list = typeof node[0] === 'string' ? [node] : node;
  return list.map((each) => {
    const [name, , tensor, said] = Array.isArray(each) ? (each as unknown[]) : [];
    if (typeof name !== 'string') throw damaged(`layer “${nameOf(layer)}” takes something that is no layer`);
    if (tensor !== 0) throw refused(`layer “${nameOf(layer)}” takes another than the first output of “${name}”`);
    if (isObject(said)) refuseCalls(said, layer);
    return name;
  });
}

/** Keras 3: {args: [tensor or list of them], kwargs} */
function takenInThree(node: unknown, layer: Json): string[] {
  if (!isObject(node) || !Array.isArray(node['args']))
    throw damaged(`layer “${nameOf(layer)}” takes nothing that is known`);
  if (isObject(node['kwargs'])) refuseCalls(node['kwargs'], layer);
  const taken = (node['args'] as unknown[]).flatMap((given) => (Array.isArray(given) ? (given as unknown[]) : [given]));
  return taken
    .filter((given) => given !== null)
    .map((given) => {
      const history = isObject(given) && isObject(given['config']) ? given['config']['keras_history'] : undefined;
      if (!isObject(given) || given['class_name'] !== '__keras_tensor__' || !Array.isArray(history)) {
        throw refused(`layer “${nameOf(layer)}” is called with something that is no layer’s output`);
      }
      const [name, , tensor] = history as unknown[];
      if (typeof name !== 'string') throw damaged(`layer “${nameOf(layer)}” takes something that is no layer`);
      if (tensor !== 0) throw refused(`layer “${nameOf(layer)}” takes another than the first output of “${name}”`);
      return name;
    });
}

function refuseCalls(said: Json, layer: Json): void {
  for (const [key, value] of Object.entries(said)) {
    if (value === null || value === undefined || key === 'training' || key === 'mask') continue;
    throw refused(`layer “${nameOf(layer)}” is called with ${key}, which Heatlens does not have`);
  }
}
