import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { carriedEngineFolder, engineFolder } from './places.ts';

export const stampName = 'engine.json';

/** Written last, so that a folder that has it is whole. */
export const stamp = z.object({
  format: z.literal(1),
  /** Of TensorFlow. */
  version: z.string(),
  variant: z.enum(['cpu', 'cuda']),
  source: z.enum(['official', 'wheel']),
  /** `process.platform`-`process.arch`. */
  machine: z.string(),
  addon: z.string(),
  /** Of the npm package that the addon belongs to. */
  addonVersion: z.string(),
  files: z.record(z.string(), z.object({ bytes: z.number(), sha256: z.string() })),
});
export type Stamp = z.infer<typeof stamp>;

export interface Installed extends Stamp {
  readonly folder: string;
  /** Absolute path of the native addon. */
  readonly addonFile: string;
}

export const thisMachine = `${process.platform}-${process.arch}`;

/**
 * Every whole engine in the cache or in the package that fits this machine, the best first: CUDA where wanted, then the
 * newest version, then the cache's.
 */
export async function findInstalled(prefer: 'cpu' | 'cuda', root = engineFolder()): Promise<Installed[]> {
  const carried = carriedEngineFolder();
  const folders = [...(await foldersIn(root)), ...(carried === null ? [] : await foldersIn(carried))];
  const found = await Promise.all(folders.map(readInstalled));
  return found
    .filter((engine) => engine !== undefined)
    .sort(
      (a, b) =>
        Number(b.variant === prefer) - Number(a.variant === prefer) ||
        b.version.localeCompare(a.version, 'en', { numeric: true }),
    );
}

/**
 * The engine in that folder, or undefined when it is not whole. Sizes are compared, not checksums: reading 850 MB at
 * every start would cost seconds, and the folder got its name only after the checksums were right.
 */
export async function readInstalled(folder: string): Promise<Installed | undefined> {
  const text = await readFile(path.join(folder, stampName), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const parsed = stamp.safeParse(parseJson(text));
  if (!parsed.success || parsed.data.machine !== thisMachine) return undefined;
  for (const [name, { bytes }] of Object.entries(parsed.data.files)) {
    const size = await stat(path.join(folder, name)).then(
      (entry) => entry.size,
      () => -1,
    );
    if (size !== bytes) return undefined;
  }
  return { ...parsed.data, folder, addonFile: path.join(folder, parsed.data.addon) };
}

async function foldersIn(root: string): Promise<string[]> {
  const names = await readdir(root).catch(() => []);
  return names.map((name) => path.join(root, name));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
