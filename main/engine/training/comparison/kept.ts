import { stat } from 'node:fs/promises';

/** What was made of files, for as long as they stay as they are; beyond `most` the one asked for least recently goes. */
export class Kept<Made> {
  readonly #most: number;
  /** The least recently asked for first. */
  readonly #made = new Map<string, { readonly stamp: string; readonly made: Made }>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Fails: as `make`, of which nothing is then kept. */
  async get(key: string, files: readonly string[], make: () => Promise<Made>): Promise<Made> {
    // Before they are read: what is written meanwhile is then made anew at the next asking.
    const stamp = (await Promise.all(files.map(stampOf))).join(' ');
    const known = this.#made.get(key);
    const made = known?.stamp === stamp ? known.made : await make();
    this.#made.delete(key);
    this.#made.set(key, { stamp, made });
    const [oldest] = this.#made.keys();
    if (this.#made.size > this.#most && oldest !== undefined) this.#made.delete(oldest);
    return made;
  }
}

async function stampOf(file: string): Promise<string> {
  const found = await stat(file).catch(() => null);
  return found ? `${found.ino}-${found.size}-${found.mtimeMs}` : 'none';
}
