import { shape, type, type Attribute } from '#engine/graph/node.ts';
import type { Restored } from '#engine/graph/writer.ts';
import type { Bundled } from './bundle.ts';
import type { Nodes } from './nodes.ts';

/**
 * Adds what fetches the variables' values from the files beside the graph, and saves them: whoever loads the model runs
 * it (tensorflow/cc/saved_model/loader.cc, RunRestore; in Python `load_v1_in_v2.py`).
 */
export function addRestore(
  nodes: Nodes,
  isTrainable: (key: string) => boolean,
): { restored: Restored; bundled: Bundled[] } {
  const all = [...nodes.variables].map(([{ name: key, shape, values }, node]) => ({ key, shape, values, node }));
  const list = (label: string, values: readonly string[]) =>
    nodes.add(label, 'Const', [], { dtype: type('string'), value: { kind: 'texts', value: values } });
  const kinds: Attribute = { kind: 'types', value: all.map(() => 'float32') };
  const float = { dtype: type('float32') };
  const filename = nodes.add('saver_filename', 'Placeholder', [], { dtype: type('string'), shape: shape([]) });
  const names = list(
    'save/names',
    all.map(({ key }) => key),
  );
  const slices = list(
    'save/slices',
    all.map(() => ''),
  );
  const read = nodes.node('save/restored', 'RestoreV2', [filename, names, slices], { dtypes: kinds });
  const values = all.map(({ node }) => nodes.add(`${node}/saved`, 'ReadVariableOp', [`${node}:0`], float));
  const saved = nodes.node('save/saved', 'SaveV2', [filename, names, slices, ...values], { dtypes: kinds });
  const save = nodes.add('save/done', 'Identity', [filename, `^${saved}`], { T: type('string') });
  const zero = nodes.floats('save/zero', { shape: [], values: new Float32Array(1) });
  const variables = all.map(({ node, key, shape: sides }) => {
    const handle = `${node}:0`;
    // What a variable starts with before its values are fetched; some programs want to know.
    const size = nodes.integers(`${node}/sides`, sides);
    const initial = nodes.add(`${node}/initial`, 'Fill', [size, zero], {
      T: type('float32'),
      index_type: type('int32'),
    });
    const initializer = nodes.node(`${node}/initialize`, 'AssignVariableOp', [handle, initial], float);
    return { handle, initializer, value: `${node}/read:0`, initial, trainable: isTrainable(key) };
  });
  const assigned = all.map(({ node }, place) =>
    nodes.node(`${node}/restore`, 'AssignVariableOp', [`${node}:0`, `${read}:${place}`], float),
  );
  const restore = nodes.node(
    'save/restore_all',
    'NoOp',
    assigned.map((each) => `^${each}`),
    {},
  );
  return { restored: { filename, save, restore, variables }, bundled: all };
}
