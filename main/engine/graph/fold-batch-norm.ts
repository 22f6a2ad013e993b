import { type, text, type Node, type TensorValue } from './node.ts';

/** A convolution, perhaps with its bias, and the normalization behind it. */
interface Found {
  readonly convolution: Node;
  readonly filter: TensorValue;
  readonly bias: Float32Array | null;
  /** Nodes between the two, which go. */
  readonly between: readonly Node[];
}

const convolutions = new Set(['Conv2D', 'DepthwiseConv2dNative']);
const additions = new Set(['Add', 'AddV2', 'BiasAdd']);

/**
 * Batch normalization by moving statistics behind a convolution is another convolution: with s = γ/√(variance + ε), the
 * filter times s and the bias (b − mean)·s + β (Jacob et al. 2018, "Quantization and training of neural networks", §3.2).
 * TensorFlow joins what is left, convolution, bias and Relu, to one operation. Only where all of it is constant and
 * nobody else wants what lies between. Results differ by rounding.
 */
export function foldBatchNorm(nodes: readonly Node[]): Node[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const users = countUsers(nodes);
  const changed = new Map<string, readonly Node[]>();
  for (const node of nodes) {
    const found = isInference(node) && find(node, byName, users);
    const statistics = found && node.inputs.slice(1, 5).map((input) => floatsOf(constant(input, byName)));
    if (!found || !statistics || statistics.some((each) => !each)) continue;
    const [scale, offset] = scaleAndOffset(statistics as Float32Array[], epsilonOf(node), found.bias);
    const filter = `${node.name}/filter`;
    const bias = `${node.name}/bias`;
    const { convolution } = found;
    const [image = ''] = convolution.inputs;
    for (const gone of found.between) changed.set(gone.name, []);
    changed.set(convolution.name, [
      constantNode(filter, scaled(found.filter, scale)),
      { ...convolution, inputs: [image, `${filter}:0`] },
    ]);
    changed.set(node.name, [
      constantNode(bias, { type: 'float32', shape: [offset.length], bytes: bytes(offset) }),
      {
        name: node.name,
        op: 'BiasAdd',
        inputs: [`${convolution.name}:0`, `${bias}:0`],
        attributes: { T: type('float32'), data_format: text('NHWC') },
      },
    ]);
  }
  return nodes.flatMap((node) => changed.get(node.name) ?? [node]);
}

/** Without what nobody asks for, but for what is fed. @param fetches `<node>:<output>` */
export function withoutUnused(nodes: readonly Node[], fetches: readonly string[]): Node[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const used = new Set<string>();
  const open = fetches.map(nodeOf);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (used.has(name)) continue;
    used.add(name);
    open.push(...(byName.get(name)?.inputs ?? []).map(nodeOf));
  }
  return nodes.filter(({ op, name }) => op === 'Placeholder' || used.has(name));
}

function find(node: Node, byName: ReadonlyMap<string, Node>, users: ReadonlyMap<string, number>): Found | null {
  const [input = '', gamma = ''] = node.inputs;
  // Only the normalized images are asked for, not the statistics beside them.
  if ([1, 2, 3, 4, 5].some((output) => users.has(`${node.name}:${output}`))) return null;
  const channels = floatsOf(constant(gamma, byName))?.length ?? 0;
  const first = byName.get(nodeOf(input));
  if (!first || users.get(input) !== 1) return null;
  if (!additions.has(first.op)) return convolutionOf(first, null, []);
  const bias = first.inputs.map((each) => floatsOf(constant(each, byName))).find((each) => each?.length === channels);
  const from = first.inputs.find((each) => convolutions.has(byName.get(nodeOf(each))?.op ?? ''));
  const convolution = from && users.get(from) === 1 ? byName.get(nodeOf(from)) : undefined;
  return bias && convolution ? convolutionOf(convolution, bias, [first]) : null;

  function convolutionOf(found: Node, added: Float32Array | null, between: readonly Node[]): Found | null {
    const filter = constant(found.inputs[1] ?? '', byName);
    if (!convolutions.has(found.op) || filter?.type !== 'float32') return null;
    return { convolution: found, filter, bias: added, between };
  }
}

/** γ/√(variance + ε) and (b − mean)·γ/√(variance + ε) + β, each [channel], in double precision until the end. */
function scaleAndOffset(
  [gamma, beta, mean, variance]: readonly Float32Array[],
  epsilon: number,
  bias: Float32Array | null,
) {
  const scale = Float64Array.from(gamma ?? [], (value, at) => value / Math.sqrt((variance?.[at] ?? 0) + epsilon));
  const offset = Float32Array.from(
    scale,
    (value, at) => ((bias?.[at] ?? 0) - (mean?.[at] ?? 0)) * value + (beta?.[at] ?? 0),
  );
  return [scale, offset] as const;
}

/** [height, width, in, out], or for each channel on its own [height, width, in, multiplier]: the channel runs fastest. */
function scaled(filter: TensorValue, scale: Float64Array): TensorValue {
  const values = floatsOf(filter) ?? new Float32Array();
  return { ...filter, bytes: bytes(values.map((value, at) => value * (scale[at % scale.length] ?? 1))) };
}

function countUsers(nodes: readonly Node[]): Map<string, number> {
  const users = new Map<string, number>();
  for (const { inputs } of nodes) for (const input of inputs) users.set(input, (users.get(input) ?? 0) + 1);
  return users;
}

const nodeOf = (input: string) => input.replace(/^\^/, '').replace(/:\d+$/, '');
const bytes = (values: Float32Array) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

function isInference({ op, attributes: { is_training: training } }: Node): boolean {
  return op === 'FusedBatchNormV3' && training?.value === false;
}

function epsilonOf({ attributes: { epsilon } }: Node): number {
  return typeof epsilon?.value === 'number' ? epsilon.value : 0.0001; // nn_ops.cc's default
}

function constant(input: string, byName: ReadonlyMap<string, Node>): TensorValue | undefined {
  const node = byName.get(nodeOf(input));
  const value = node?.op === 'Const' ? node.attributes.value : undefined;
  return value?.kind === 'tensor' ? value.value : undefined;
}

function floatsOf(value: TensorValue | undefined): Float32Array | undefined {
  return value?.type === 'float32' ? new Float32Array(value.bytes.slice().buffer) : undefined;
}

function constantNode(name: string, value: TensorValue): Node {
  return { name, op: 'Const', inputs: [], attributes: { dtype: type('float32'), value: { kind: 'tensor', value } } };
}
