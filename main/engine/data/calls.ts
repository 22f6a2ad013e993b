import { join } from 'node:path';
import { assetsFolder } from '#engine/backend/places.ts';
import { wire } from '#engine/wire.ts';
import type { Catalogue } from './catalogue.ts';
import { findDuplicates } from './duplicates/find-duplicates.ts';
import { exportImages } from './export/export-images.ts';
import { FamousSets } from './famous/famous-sets.ts';
import { imageDetail } from './image-detail.ts';
import type { Imports } from './import/imports.ts';
import { lookAt } from './import/look.ts';
import { withProgress } from './progress.ts';
import type { ImageQueries } from './query.ts';
import { statisticsOf } from './statistics.ts';

/** The rooms of the project that is open now. */
export interface DataRoom {
  catalogue(): Catalogue;
  queries(): ImageQueries;
  imports(): Imports;
  /** Absent = those that the user's cache has or can get. */
  readonly famous?: FamousSets;
}

export function dataCalls({ catalogue, queries, imports, famous = new FamousSets() }: DataRoom) {
  return {
    list: wire.data.list.handler(async () => {
      await catalogue().check();
      return catalogue().list();
    }),
    look: wire.data.look.handler(({ input, signal }) => lookAt(input.paths, signal)),
    samples: wire.data.samples.handler(() => [
      { id: 'cat-and-astronaut', path: join(assetsFolder(), 'samples', 'cat-and-astronaut.zip') },
    ]),
    import: wire.data.import.handler(async function* ({ input, signal }) {
      return yield* imports().begin(input, signal);
    }),
    open: wire.data.open.handler(({ input, signal }) => imports().whole(input, signal)),
    report: wire.data.report.handler(({ input }) => catalogue().report(input.dataset)),
    remove: wire.data.remove.handler(({ input }) => catalogue().remove(input.dataset)),
    restore: wire.data.restore.handler(({ input }) => catalogue().restore(input.dataset)),
    renameClasses: wire.data.renameClasses.handler(({ input }) => {
      return catalogue().edit(input.dataset, { kind: 'rename-classes', classes: input.classes });
    }),
    rename: wire.data.rename.handler(({ input }) => catalogue().rename(input.dataset, input.name)),
    resplit: wire.data.resplit.handler(({ input }) => catalogue().resplit(input.dataset, input.splitting)),
    mergeClasses: wire.data.mergeClasses.handler(({ input: { dataset, ...change } }) => {
      return catalogue().edit(dataset, { kind: 'merge-classes', ...change });
    }),
    excludeClasses: wire.data.excludeClasses.handler(({ input: { dataset, ...change } }) => {
      return catalogue().edit(dataset, { kind: 'exclude-classes', ...change });
    }),
    relabel: wire.data.relabel.handler(({ input: { dataset, ...change } }) => {
      return catalogue().edit(dataset, { kind: 'relabel', ...change });
    }),
    exclude: wire.data.exclude.handler(({ input: { dataset, ...change } }) => {
      return catalogue().edit(dataset, { kind: 'exclude', ...change });
    }),
    relabelImages: wire.data.relabelImages.handler(({ input: { dataset, ...change } }) => {
      return catalogue().edit(dataset, { kind: 'relabel-images', ...change });
    }),
    excludeImages: wire.data.excludeImages.handler(({ input: { dataset, ...change } }) => {
      return catalogue().edit(dataset, { kind: 'exclude-images', ...change });
    }),
    undoEdit: wire.data.undoEdit.handler(({ input }) => catalogue().undoEdit(input.dataset)),
    redoEdit: wire.data.redoEdit.handler(({ input }) => catalogue().redoEdit(input.dataset)),
    statistics: wire.data.statistics.handler(async ({ input }) => statisticsOf(await catalogue().get(input.dataset))),
    count: wire.data.count.handler(async ({ input }) => ({ count: (await queries().find(input)).indices.length })),
    page: wire.data.page.handler(({ input }) => queries().page(input.query, input.offset, input.limit)),
    image: wire.data.image.handler(async ({ input: { dataset, split, index, run } }) => {
      const found = await queries().find({ dataset, split, order: 'natural', ...(run !== undefined && { run }) });
      return imageDetail(found.dataSet, split, index, found.table);
    }),
    duplicates: wire.data.duplicates.handler(async function* ({ input, signal }) {
      const dataSet = await catalogue().get(input.dataset);
      return yield* findDuplicates(dataSet, (split, index) => dataSet.hashes(split, index), signal);
    }),
    export: wire.data.export.handler(async function* ({ input: { dataset, ...options }, signal }) {
      return yield* exportImages(await catalogue().get(dataset), options, signal);
    }),
    famous: wire.data.famous.handler(() => famous.list()),
    download: wire.data.download.handler(async function* ({ input: { id }, signal }) {
      const { name, files } = yield* withProgress(signal, (tell, stopping) => famous.fetch(id, tell, stopping));
      return imports().whole({ paths: files, name }, signal);
    }),
    addDrawing: wire.data.addDrawing.handler(({ input }) => {
      return catalogue().addDrawing(Buffer.from(input.pixels, 'base64'), input.label);
    }),
  };
}
