import { activation as activations, type Activation, type Initializer } from '#contract/network.ts';
import { refused } from '../../file-problem.ts';
import { isObject } from '../../safe-json.ts';

type Pair = [number, number];

/** Keras' names for ours, in its files of either version. */
const otherNames: Readonly<Record<string, Activation>> = { swish: 'silu', hard_swish: 'hard_silu' };

/** keras.initializers by class, with ours for them; where there is none of ours, the nearest. */
const initializers: Readonly<Record<string, Initializer>> = {
  glorotuniform: 'glorot_uniform',
  glorotnormal: 'glorot_normal',
  xavieruniform: 'glorot_uniform',
  heuniform: 'he_uniform',
  henormal: 'he_normal',
  lecununiform: 'lecun_uniform',
  lecunnormal: 'lecun_normal',
  randomuniform: 'random_uniform',
  randomnormal: 'random_normal',
  truncatednormal: 'random_normal',
  variancescaling: 'he_normal',
  orthogonal: 'glorot_uniform',
  orthogonalinitializer: 'glorot_uniform',
  identity: 'glorot_uniform',
  constant: 'zeros',
  zeros: 'zeros',
  ones: 'ones',
};

/** What a layer's `config` says, asked for argument by argument. What is missing has the default that is given. */
export class LayerArguments {
  readonly name: string;
  readonly className: string;
  /** Keras 2 means something else by some names. */
  readonly version: 2 | 3;
  readonly #values: Readonly<Record<string, unknown>>;
  readonly notes: Set<string>;

  constructor(
    named: { readonly name: string; readonly className: string; readonly version: 2 | 3 },
    values: Readonly<Record<string, unknown>>,
    notes: Set<string>,
  ) {
    this.name = named.name;
    this.className = named.className;
    this.version = named.version;
    this.#values = values;
    this.notes = notes;
  }

  get(key: string): unknown {
    return Object.hasOwn(this.#values, key) ? this.#values[key] : undefined;
  }

  /** The end of a sentence about this layer. */
  refuse(reason: string): never {
    throw refused(`layer “${this.name}” (${this.className}) ${reason}`);
  }

  wrong(key: string): never {
    const said = JSON.stringify(this.get(key)) ?? 'nothing';
    return this.refuse(`has ${key} ${said.length > 80 ? `${said.slice(0, 80)}…` : said}, which Heatlens does not have`);
  }

  number(key: string, initial: number): number {
    const value = this.get(key) ?? initial;
    return typeof value === 'number' && Number.isFinite(value) ? value : this.wrong(key);
  }

  /** A number, or none. */
  optional(key: string): number | undefined {
    return this.get(key) === undefined || this.get(key) === null ? undefined : this.number(key, 0);
  }

  whole(key: string, initial?: number): number {
    const value = this.get(key) ?? initial;
    return typeof value === 'number' && Number.isInteger(value) ? value : this.wrong(key);
  }

  yes(key: string, initial: boolean): boolean {
    const value = this.get(key) ?? initial;
    return typeof value === 'boolean' ? value : this.wrong(key);
  }

  text(key: string, initial: string): string {
    const value = this.get(key) ?? initial;
    return typeof value === 'string' ? value : this.wrong(key);
  }

  /** Two numbers, or one for both. */
  pair(key: string, initial?: Pair): Pair {
    const value = this.get(key) ?? initial;
    const sides = typeof value === 'number' ? [value, value] : value;
    if (!Array.isArray(sides) || sides.length !== 2 || !sides.every((side) => Number.isInteger(side))) this.wrong(key);
    return sides as Pair;
  }

  /** Top and bottom, left and right: one number for all, one for each direction, or all four. */
  sides(key: string): [Pair, Pair] {
    const value = this.get(key);
    const both = Array.isArray(value) ? value : [value, value];
    const out = both.map((side: unknown) => (Array.isArray(side) ? side : [side, side]));
    if (out.length !== 2 || !out.flat().every((side) => Number.isInteger(side)) || out.flat().length !== 4) {
      this.wrong(key);
    }
    return out as [Pair, Pair];
  }

  wholes(key: string): number[] {
    const value = this.get(key);
    return Array.isArray(value) && value.every((each) => Number.isInteger(each))
      ? (value as number[])
      : this.wrong(key);
  }

  /** Numbers, one or in lists, as Keras writes arrays of numpy too. */
  figures(key: string): number[] | undefined {
    const value = this.get(key);
    if (value === undefined || value === null) return undefined;
    // {class_name: "__numpy__" or "__tensor__", config: {value, dtype}}
    const plain = isObject(value) && isObject(value['config']) ? value['config']['value'] : value;
    const all = (Array.isArray(plain) ? plain.flat(4) : [plain]) as unknown[];
    if (all.length > 65_536 || !all.every((each) => typeof each === 'number' && Number.isFinite(each))) this.wrong(key);
    return all as number[];
  }

  choice<T extends string>(key: string, choices: readonly T[], initial: T): T {
    const value = this.get(key) ?? initial;
    return choices.includes(value as T) ? (value as T) : this.wrong(key);
  }

  /** Anything else than these is refused. */
  only(key: string, ...allowed: readonly unknown[]): void {
    const value = this.get(key);
    if (value === undefined || value === null) return;
    const said = JSON.stringify(value);
    if (!allowed.some((each) => JSON.stringify(each) === said)) this.wrong(key);
  }

  activation(key = 'activation'): Activation {
    const value = this.get(key) ?? 'linear';
    const name = nameOf(value, /^(keras(\.|$)|builtins$)/, (why) => this.refuse(`${why} as its ${key}`));
    const said = Object.hasOwn(otherNames, name) ? otherNames[name] : name;
    if (said === 'hard_sigmoid' && this.version === 2) {
      this.refuse('has the hard_sigmoid of Keras 2, which is another than that of Keras 3');
    }
    const known = activations.safeParse(said);
    return known.success ? known.data : this.refuse(`has an activation that Heatlens does not have, ${name}`);
  }

  /** Only for new training: the weights themselves are in the file. */
  initializer(key: string): Initializer | undefined {
    const value = this.get(key);
    if (value === undefined || value === null) return undefined;
    const name = nameOf(value, /^(keras|tensorflow\.keras)(\.|$)/, (why) => this.refuse(`${why} as its ${key}`));
    const plain = name.toLowerCase().replaceAll('_', '');
    if (Object.hasOwn(initializers, plain)) return initializers[plain];
    return this.refuse(`has an initializer that Heatlens does not know, ${name}`);
  }
}

/** Of a function or an object, however Keras wrote it: a string, or {module, class_name, config, registered_name}. */
function nameOf(value: unknown, modules: RegExp, refuse: (why: string) => never): string {
  if (typeof value === 'string') return value;
  if (!isObject(value)) return refuse('has nothing that is a name');
  const { module, class_name: className, config, registered_name: registered } = value;
  if (module !== undefined && module !== null && (typeof module !== 'string' || !modules.test(module))) {
    return refuse(`names the module ${String(module)}`);
  }
  if (className === 'function' && typeof config === 'string') return config;
  if (typeof className !== 'string') return refuse('has nothing that is a name');
  if (typeof registered === 'string' && registered !== className) return refuse(`has the custom object ${registered}`);
  return className;
}
