import { readdirSync } from 'node:fs';

/** Files below a folder with these endings, as `state/keys.ts`, sorted. */
export function sourceFiles(folder: string, ...endings: readonly string[]): string[] {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'));
  return all.filter((name) => endings.some((ending) => name.endsWith(ending))).sort();
}
