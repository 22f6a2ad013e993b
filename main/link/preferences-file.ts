import path from 'node:path';
import { defaultPreferences, preferences, type Preferences } from '#contract/host.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';

/** The user's preferences on disk. What cannot be read there counts as not set. */
export class PreferencesFile {
  readonly #file: string;
  readonly #hears = new Set<(values: Preferences) => void>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.#file = path.join(folder, 'preferences.json');
  }

  get values(): Preferences {
    const found = readJsonFile(this.#file);
    if (typeof found !== 'object' || found === null) return defaultPreferences;
    // Field by field: one that another version wrote differently must not cost the others.
    const fields = Object.entries(preferences.shape).map(([name, shape]) => {
      const read = shape.safeParse((found as Record<string, unknown>)[name]);
      return [name, read.success ? read.data : defaultPreferences[name as keyof Preferences]];
    });
    return preferences.parse(Object.fromEntries(fields));
  }

  /** Changes come one after the other, and on top of what another host may have written meanwhile. */
  set(changes: Partial<Preferences>): Promise<Preferences> {
    const done = this.#last.then(async () => {
      const values = { ...this.values, ...changes };
      await writeJsonFile(this.#file, values);
      for (const hear of this.#hears) hear(values);
      return values;
    });
    this.#last = done.catch(() => undefined);
    return done;
  }

  onChange(hear: (values: Preferences) => void): void {
    this.#hears.add(hear);
  }
}
