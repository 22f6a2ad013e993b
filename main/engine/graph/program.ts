import { tf } from '#engine/backend/tensors.ts';
import { foldBatchNorm, withoutUnused } from './fold-batch-norm.ts';
import { shape, text, type, type ElementType, type Node } from './node.ts';
import { Session, type Fed } from './session.ts';
import { bytesOf, Tracer } from './tracer.ts';

/** An input of a function. Bytes reach the function as float32 tensors: they travel as bytes and are cast inside. */
export interface Input {
  readonly name: string;
  readonly type: Extract<ElementType, 'float32' | 'int32' | 'uint8'>;
  readonly shape: readonly number[];
}

/**
 * A function of tensors and variables. Pure: the same operations whatever the values, nothing but its inputs and
 * variables read, nothing but variables changed.
 */
export interface Traceable {
  /** Letters, digits, `_`; one of a kind in its program. */
  readonly name: string;
  readonly inputs: readonly Input[];
  run(inputs: readonly tf.Tensor[]): readonly tf.Tensor[];
}

/** How TensorFlow knows a function once it has been traced. */
interface Entry {
  readonly inputs: readonly Input[];
  /** In TensorFlow's words, by the function's inputs. */
  readonly feeds: readonly string[];
  readonly fetches: readonly string[];
}

type Values = Fed['values'];

/**
 * Functions that work on the same variables, as one TensorFlow graph. Each is traced once, for the shapes of its
 * inputs; a function of other shapes is another function, which may come later. Variables live in TensorFlow from the
 * first function on: `read` and `write` reach them, the tfjs variables stay as they were.
 */
export class Program {
  readonly #variables: readonly tf.Variable[];
  readonly #frozen: boolean;
  readonly #nodes: Node[] = [];
  readonly #entries = new Map<string, Entry>();
  #session: Session | null = null;
  /** Written before there was a session. */
  #written: readonly Float32Array[] | null = null;

  /**
   * @param variables float32
   * @param frozen the variables are constants with the values that they have now: TensorFlow may then work with them
   *   beforehand and join operations, for prediction a quarter to a third faster (ResNet-50), and normalization is folded into convolutions. Functions
   *   cannot change them.
   */
  constructor(variables: readonly tf.Variable[], { frozen = false } = {}) {
    this.#variables = variables;
    this.#frozen = frozen;
    if (frozen) {
      this.#nodes.push(...variables.map(constantOf));
      return;
    }
    const ready: string[] = [];
    for (const [place, variable] of variables.entries()) {
      const add = (name: string, op: string, inputs: string[], attributes: Node['attributes']) =>
        this.#nodes.push({ name, op, inputs, attributes });
      const kind = { dtype: type('float32'), shape: shape(variable.shape) };
      const handle = handleOf(place);
      add(handle, 'VarHandleOp', [], { ...kind, shared_name: text(handle), container: text('') });
      add(`${handle}/fed`, 'Placeholder', [], kind);
      // A copy: what is fed may lie in JavaScript's memory, which TensorFlow must not keep.
      add(`${handle}/copy`, 'DeepCopy', [`${handle}/fed:0`], { T: type('float32') });
      add(`${handle}/write`, 'AssignVariableOp', [`${handle}:0`, `${handle}/copy:0`], { dtype: type('float32') });
      add(`${handle}/read`, 'ReadVariableOp', [`${handle}:0`], { dtype: type('float32') });
      ready.push(`^${handle}/write`);
    }
    const value = { type: 'int32', shape: [], bytes: new Uint8Array(4) } as const;
    const attributes = { dtype: type('int32'), value: { kind: 'tensor', value } } as const;
    this.#nodes.push({ name: 'written', op: 'Const', inputs: ready, attributes });
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** Traces these functions and makes TensorFlow ready for them. Fails: `Untraceable`; the program is then as before. */
  add(functions: readonly Traceable[]): void {
    const traced = functions.map((each) => traceOne(each, this.#variables, this.#frozen));
    const values = this.#frozen ? [] : this.read();
    this.#written = null;
    const nodes = [...this.#nodes, ...traced.flatMap((each) => each.nodes)];
    const fetches = [...this.#entries.values(), ...traced.map(({ entry }) => entry)].flatMap((entry) => entry.fetches);
    // What only a gradient that nobody wants would take must go first: it hides normalization from being folded.
    const asked = this.#frozen ? foldBatchNorm(withoutUnused(nodes, fetches)) : nodes;
    const session = new Session(this.#frozen ? withoutUnused(asked, fetches) : nodes);
    this.#session?.dispose();
    this.#session = session;
    for (const { name, nodes, entry } of traced) {
      this.#nodes.push(...nodes);
      this.#entries.set(name, entry);
    }
    if (!this.#frozen) this.write(values);
  }

  /** @returns the function's tensors, in their order */
  run(name: string, values: readonly Values[]): (Float32Array | Int32Array)[] {
    const entry = this.#entries.get(name);
    if (!entry || !this.#session) throw new Error(`${name} has not been traced.`);
    const feeds = entry.inputs.map((input, place) => {
      const given = values[place];
      const tensor = entry.feeds[place];
      if (!given || !tensor) throw new Error(`${name} wants ${entry.inputs.length} inputs; received ${values.length}.`);
      return { ...input, tensor, values: given };
    });
    return this.#session.run(feeds, entry.fetches);
  }

  /** Copies of the variables' values, in their order. */
  read(): Float32Array[] {
    if (!this.#session || this.#frozen) {
      return this.#variables.map((each, place) => (this.#written?.[place] ?? each.dataSync<'float32'>()).slice());
    }
    if (this.#variables.length === 0) return [];
    const fetches = this.#variables.map((_, place) => `${handleOf(place)}/read:0`);
    return this.#session.run([], fetches) as Float32Array[];
  }

  /** @param values one for each variable, in their order */
  write(values: readonly Float32Array[]): void {
    if (this.#frozen) throw new Error('The variables of this program are frozen.');
    const feeds = this.#variables.map((variable, place): Fed => {
      const given = values[place];
      if (given?.length !== variable.size) throw new Error(`${variable.name} wants ${variable.size} values.`);
      return { tensor: `${handleOf(place)}/fed:0`, type: 'float32', shape: variable.shape, values: given };
    });
    if (!this.#session) this.#written = values.map((each) => each.slice());
    else if (feeds.length > 0) this.#session.run(feeds, ['written:0']);
  }

  /** Frees TensorFlow's graph and its copies of the variables. */
  dispose(): void {
    this.#session?.dispose();
    this.#session = null;
    this.#entries.clear();
  }
}

const handleOf = (place: number) => `variable_${place}`;

function constantOf(variable: tf.Variable, place: number): Node {
  const bytes = bytesOf(variable.dataSync<'float32'>());
  const value = { type: 'float32', shape: variable.shape, bytes } as const;
  const attributes = { dtype: type('float32'), value: { kind: 'tensor', value } } as const;
  return { name: handleOf(place), op: 'Const', inputs: [], attributes };
}

function traceOne({ name, inputs, run }: Traceable, variables: readonly tf.Variable[], frozen: boolean) {
  const tracer = new Tracer(name, frozen);
  for (const [place, variable] of variables.entries()) {
    if (frozen) tracer.know(variable, `${handleOf(place)}:0`);
    else tracer.hold(variable, handleOf(place));
  }
  const feeds: string[] = [];
  const fetches = tracer.trace(() => {
    // Zeros stand for all values: a function that can be traced does the same operations whatever they are.
    const tensors = inputs.map((input) => {
      const tensor = tf.zeros([...input.shape], input.type === 'int32' ? 'int32' : 'float32');
      const node = tracer.add('Placeholder', [], { dtype: type(input.type), shape: shape(input.shape) }, input.name);
      feeds.push(`${node}:0`);
      const cast = { SrcT: type('uint8'), DstT: type('float32'), Truncate: { kind: 'bool', value: false } } as const;
      tracer.know(tensor, input.type === 'uint8' ? `${tracer.add('Cast', [`${node}:0`], cast)}:0` : `${node}:0`);
      return tensor;
    });
    return run(tensors);
  });
  return { name, nodes: tracer.nodes, entry: { inputs, feeds, fetches } };
}
