import { damaged } from '../../file-problem.ts';
import { isObject } from '../../safe-json.ts';

/** What a file says of a model or a layer: `{class_name, config, …}`. */
export type Json = Readonly<Record<string, unknown>>;

/** Throws `FileProblem` where there is none. */
export function nameOf(layer: Json): string {
  const name = layer['name'] ?? configOf(layer)['name'];
  if (typeof name !== 'string' || name === '') throw damaged('a layer in its config has no name');
  return name;
}

export function configOf(object: Json): Json {
  return isObject(object['config']) ? object['config'] : {};
}

/** Throws `FileProblem` where there is none. */
export function textOf(object: Json, key: string): string {
  const value = object[key];
  if (typeof value !== 'string') throw damaged(`something in its config has no ${key}`);
  return value;
}
