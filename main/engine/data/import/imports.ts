import type { DataSetSummary, ImportEvent } from '#contract/data.ts';
import type { Catalogue } from '../catalogue.ts';
import type { FirstScreen } from './first-screen.ts';
import { importFiles, type ImportRequest } from './import-files.ts';

/** The imports of a project, those under way among them. */
export class Imports {
  readonly #catalogue: Catalogue;
  readonly #screens = new Map<string, FirstScreen>();

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  /** The first pictures of an import under way. */
  screen(job: string): FirstScreen | undefined {
    return this.#screens.get(job);
  }

  /** Fails: the codes of `importFiles`. */
  begin(request: ImportRequest, signal?: AbortSignal): AsyncGenerator<ImportEvent, DataSetSummary> {
    return importFiles(request, { catalogue: this.#catalogue, screens: this.#screens }, signal);
  }

  /** Without its events. */
  async whole(request: ImportRequest, signal?: AbortSignal): Promise<DataSetSummary> {
    const events = this.begin(request, signal);
    for (;;) {
      const next = await events.next();
      if (next.done) return next.value;
    }
  }
}
