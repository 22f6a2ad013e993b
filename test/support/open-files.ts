import type { DataSetSummary } from '#contract/data.ts';
import type { Catalogue } from '#engine/data/catalogue.ts';
import { Imports } from '#engine/data/import/imports.ts';

/** Opens files as the call `data.open` does. */
export function openFiles(catalogue: Catalogue, paths: readonly string[], name?: string): Promise<DataSetSummary> {
  return new Imports(catalogue).whole({ paths, ...(name !== undefined && { name }) });
}

/** As the call `data.renameClasses` does. */
export function renameClasses(catalogue: Catalogue, id: string, classes: string[]): Promise<DataSetSummary> {
  return catalogue.edit(id, { kind: 'rename-classes', classes });
}
