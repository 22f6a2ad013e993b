/** What Python reads as the same value. Lists are tuples. */
export type Literal = string | number | boolean | null | readonly Literal[];

/** Not seen, or read in the wrong direction: as numbers, so that a program is what it looks like. */
const unseen = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** A string literal on one line, whatever is in it. JSON's escapes are Python's too. */
export function text(value: string): string {
  return JSON.stringify(value).replace(unseen, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** With a point or an exponent, so that Python takes it for a float. */
export function real(value: number): string {
  if (Number.isNaN(value)) return 'float("nan")';
  if (!Number.isFinite(value)) return value > 0 ? 'float("inf")' : '-float("inf")';
  const written = String(value);
  return /^-?\d+$/.test(written) ? `${written}.0` : written;
}

export function literal(value: Literal): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : real(value);
  const items = value.map(literal);
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`;
}

/** Columns of a line, at most. */
export const columns = 100;

/** `head(a, b)` on one line, or an argument a line where that is too long. @param indent spaces before it */
export function call(head: string, args: readonly string[], indent = 0, tail = ''): string {
  const one = `${head}(${args.join(', ')})${tail}`;
  if (indent + one.length <= columns && !one.includes('\n')) return one;
  const pad = ' '.repeat(indent);
  return [`${head}(`, ...args.map((each) => `${pad}    ${each},`), `${pad})${tail}`].join('\n');
}

const words = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from global ' +
    'if import in is lambda nonlocal not or pass raise return try while with yield match case type ' +
    'keras layers inputs x build synchronized'
  ).split(' '),
);

/** A name for a variable that says what it is; never one that is taken. */
export function identifier(name: string, taken: Set<string>): string {
  const plain = name.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^(?=\d)/, 'layer_') || 'layer';
  let found = words.has(plain) ? `${plain}_` : plain;
  for (let number = 2; taken.has(found); number++) found = `${plain}_${number}`;
  taken.add(found);
  return found;
}
