import { refused } from '../file-problem.ts';
import type { FoundGraph, FoundNode } from './read-graph.ts';

/**
 * Operations that compute and nothing else. A SavedModel may hold any of TensorFlow's, also such that read and write
 * files or run programs (`ReadFile`, `WriteFile`, `PyFunc`); what is not here is not run.
 */
const harmless: ReadonlySet<string> = new Set(
  `Abs Add AddN AddV2 All Any ArgMax ArgMin Assert AvgPool BatchMatMul BatchMatMulV2 BatchToSpaceND BiasAdd BroadcastTo
   Cast Ceil ClipByValue Concat ConcatV2 Const Conv2D Conv2DBackpropInput Cumsum DepthToSpace DepthwiseConv2dNative Div
   DivNoNan Einsum Elu EnsureShape Equal Erf Erfc Exp ExpandDims Expm1 Fill Floor FloorDiv FloorMod FusedBatchNorm
   FusedBatchNormV2 FusedBatchNormV3 Gather GatherNd GatherV2 Greater GreaterEqual Identity IdentityN L2Loss LeakyRelu
   Less LessEqual Log Log1p LogSoftmax LogicalAnd LogicalNot LogicalOr MatMul Max MaxPool Maximum Mean Min Minimum
   MirrorPad Mul Neg NoOp NotEqual OneHot OnesLike Pack Pad PadV2 Placeholder PlaceholderWithDefault Pow
   PreventGradient Prod Range Rank RealDiv Reciprocal Relu Relu6 Reshape ResizeArea ResizeBicubic ResizeBilinear
   ResizeNearestNeighbor ReverseV2 Round Rsqrt Select SelectV2 Selu Shape ShapeN Sigmoid Sign Size Slice Softmax
   Softplus Softsign SpaceToBatchND SpaceToDepth Split SplitV Sqrt Square SquaredDifference Squeeze StopGradient
   StridedSlice Sub Sum Tanh Tile TopKV2 Transpose Unpack Where ZerosLike
   PartitionedCall StatefulPartitionedCall
   VarHandleOp ReadVariableOp AssignVariableOp VariableV2 Variable Assign VarIsInitializedOp`.split(/\s+/),
);

/** Fetches variables from the files beside the graph; only TensorFlow itself, when it loads the model, asks for it. */
const restoring = 'RestoreV2';

/** Throws `FileProblem`, naming the operation, if anything that is run does more than compute. */
export function refuseHarm(graph: FoundGraph): void {
  const byName = new Map(graph.nodes.map((node) => [node.name, node]));
  const answers = [...graph.signatures.values()].flatMap(({ outputs }) => outputs.map(({ tensor }) => tensor));
  for (const node of reached(answers, byName, graph.functions)) {
    if (!harmless.has(node.op) && !graph.functions.has(node.op)) throw harm(node);
  }
  for (const node of reached(graph.runAtStart, byName, graph.functions)) {
    if (!harmless.has(node.op) && node.op !== restoring && !graph.functions.has(node.op)) throw harm(node);
  }
}

const harm = ({ op, name }: FoundNode) =>
  refused(`its operation ${op} ("${name}") is none of those that only compute; Heatlens runs no others from files`);

/** All that is computed for these, functions with everything in them. */
function* reached(
  wanted: readonly string[],
  byName: ReadonlyMap<string, FoundNode>,
  functions: FoundGraph['functions'],
): Generator<FoundNode> {
  const seen = new Set<string>();
  const called = new Set<string>();
  const names = wanted.map(nodeOf);
  const calls: string[] = [];
  while (names.length > 0 || calls.length > 0) {
    const name = names.pop();
    const found = name !== undefined && !seen.has(name) ? byName.get(name) : undefined;
    if (found) {
      seen.add(found.name);
      names.push(...found.inputs.map(nodeOf));
      calls.push(...found.calls, found.op);
      yield found;
    }
    const call = calls.pop();
    if (call === undefined || called.has(call)) continue;
    called.add(call);
    for (const inside of functions.get(call) ?? []) {
      calls.push(...inside.calls, inside.op);
      yield inside;
    }
  }
}

const nodeOf = (tensor: string) => tensor.replace(/^\^/, '').replace(/:\d+$/, '');
