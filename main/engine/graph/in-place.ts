import { tensorflowBackend } from '#engine/backend/tensorflow.ts';
import { tf } from '#engine/backend/tensors.ts';
import { elementTypes, type Attribute } from './node.ts';
import { isTracing, recordUpdate, type VariableUpdate } from './tracer.ts';

/**
 * Changes variables by one of TensorFlow's own training operations, such as ResourceApplyAdam: one pass over the
 * weights where separate operations take a dozen. In a graph it becomes a node; otherwise it happens at once, with the
 * same kernel and so the same bits. Only on the TensorFlow backend.
 */
export function updateInPlace(update: VariableUpdate): void {
  if (isTracing()) recordUpdate(update);
  else updateNow(update);
}

/** tfjs' variables are no resources: they are lent one for the operation. */
function updateNow({ op, inputs, changes, attributes }: VariableUpdate): void {
  tf.tidy(() => {
    const handles = new Map(changes.map((variable) => [variable, lend(variable)]));
    const given = inputs.map((input) => {
      if (!(input instanceof tf.Variable)) return input.tensor;
      const handle = handles.get(input);
      if (!handle) throw new Error(`${op} has ${input.name} as a variable, but does not change it.`);
      return handle;
    });
    execute(op, attributes, given, 0);
    for (const [variable, handle] of handles) {
      const [value] = execute('ReadVariableOp', { dtype }, [handle], 1);
      if (!value) throw new Error('ReadVariableOp gave nothing.');
      variable.assign(value);
      execute('DestroyResourceOp', {}, [handle], 0);
    }
  });
}

const dtype = { kind: 'type', value: 'float32' } as const;
let lent = 0;

function lend(variable: tf.Variable): tf.Tensor {
  const name = { kind: 'string', value: `heatlens_lent_${++lent}` } as const;
  const container = { kind: 'string', value: '' } as const;
  const shape = { kind: 'shape', value: variable.shape } as const;
  const [handle] = execute('VarHandleOp', { dtype, shape, shared_name: name, container }, [], 1);
  if (!handle) throw new Error('VarHandleOp gave nothing.');
  execute('AssignVariableOp', { dtype }, [handle, variable], 0);
  return handle;
}

function execute(op: string, attributes: Record<string, Attribute>, inputs: tf.Tensor[], outputs: number): tf.Tensor[] {
  const backend = tensorflowBackend();
  const { binding } = backend;
  const kinds = {
    type: binding.TF_ATTR_TYPE,
    shape: binding.TF_ATTR_SHAPE,
    int: binding.TF_ATTR_INT,
    float: binding.TF_ATTR_FLOAT,
    bool: binding.TF_ATTR_BOOL,
    string: binding.TF_ATTR_STRING,
    tensor: Number.NaN,
    texts: Number.NaN,
    types: Number.NaN,
  };
  const native = Object.entries(attributes).map(([name, { kind, value }]) => ({
    name,
    type: kinds[kind],
    value: (kind === 'type' && typeof value === 'string' ? elementTypes[value] : value) as number,
  }));
  // Already registered with tfjs, whatever the type says.
  return backend.executeMultipleOutputs(op, native, inputs, outputs) as tf.Tensor[];
}
