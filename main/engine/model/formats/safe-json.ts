import { damaged, refused } from './file-problem.ts';

/** Deeper than any network that Keras writes. */
const deepest = 100;
/** Names by which JavaScript reaches what all objects have in common. */
const unsafe = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * JSON from a file of anywhere: not deep enough to fill the stack, no name twice, none that JavaScript gives a meaning.
 * Python's NaN and Infinity are no JSON.
 * @param what the text, as sentences have it: `config.json`
 * Throws `FileProblem`.
 */
export function safeJson(text: string, what: string): unknown {
  examine(text, what);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw damaged(`${what} is not JSON`);
  }
}

/** An object of it. Throws `FileProblem`. */
export function jsonObject(text: string, what: string): Record<string, unknown> {
  const value = safeJson(text, what);
  if (isObject(value)) return value;
  throw damaged(`${what} is not an object`);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One pass over the characters; what is no JSON is left to the parser. */
function examine(text: string, what: string): void {
  // Of each object that is open, the names so far; of a list, null.
  const open: (Set<string> | null)[] = [];
  const next = /["{}[\]]/g;
  for (let found = next.exec(text); found; found = next.exec(text)) {
    const sign = found[0];
    if (sign === '{' || sign === '[') {
      if (open.push(sign === '{' ? new Set() : null) > deepest) throw refused(`${what} is nested too deeply`);
    } else if (sign === '}' || sign === ']') open.pop();
    else {
      const end = endOfText(text, found.index);
      next.lastIndex = end;
      const names = open.at(-1);
      if (names && isName(text, end)) note(names, text.slice(found.index, end), what);
    }
  }
}

function note(names: Set<string>, quoted: string, what: string): void {
  const name = unquoted(quoted);
  if (name === null) throw damaged(`${what} is not JSON`);
  if (unsafe.has(name)) throw refused(`${what} uses the name ${name}`);
  if (names.has(name)) throw refused(`${what} says ${name} twice`);
  names.add(name);
}

function unquoted(quoted: string): string | null {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return null;
  }
}

/** The place after a text's closing quote. */
function endOfText(text: string, from: number): number {
  const part = /["\\]/g;
  part.lastIndex = from + 1;
  for (let found = part.exec(text); found; found = part.exec(text)) {
    if (found[0] === '"') return found.index + 1;
    part.lastIndex = found.index + 2;
  }
  return text.length;
}

function isName(text: string, from: number): boolean {
  const after = /\s*(.?)/y;
  after.lastIndex = from;
  return after.exec(text)?.[1] === ':';
}
