import { stat } from 'node:fs/promises';

/** What was made of files, for as long as they stay as they are; beyond `most` those asked for least recently go. */
export class Kept<Made> {
  readonly #most: number;
  readonly #weigh: (made: Made) => number;
  #weight = 0;
  /** The least recently asked for first. */
  readonly #made = new Map<string, { readonly stamp: string; readonly made: Made }>();

  /** @param weigh how much of `most` one takes */
  constructor(most: number, weigh: (made: Made) => number = () => 1) {
    this.#most = most;
    this.#weigh = weigh;
  }

  /** Fails: as `make`, of which nothing is then kept. */
  async get(key: string, files: readonly string[], make: () => Promise<Made>): Promise<Made> {
    // Before they are read: what is written meanwhile is then made anew at the next asking.
    const stamp = (await Promise.all(files.map(stampOf))).join(' ');
    const known = this.#made.get(key);
    const made = known?.stamp === stamp ? known.made : await make();
    this.#drop(key);
    this.#made.set(key, { stamp, made });
    this.#weight += this.#weigh(made);
    for (const oldest of this.#made.keys()) {
      if (this.#weight <= this.#most) break;
      this.#drop(oldest);
    }
    return made;
  }

  #drop(key: string): void {
    const known = this.#made.get(key);
    if (known && this.#made.delete(key)) this.#weight -= this.#weigh(known.made);
  }
}

async function stampOf(file: string): Promise<string> {
  const found = await stat(file).catch(() => null);
  return found ? `${found.ino}-${found.size}-${found.mtimeMs}` : 'none';
}
