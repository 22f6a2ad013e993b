import { wire } from '#engine/wire.ts';
import type { Catalogue } from './catalogue.ts';
import { exportImages } from './export/export-images.ts';
import { FamousSets } from './famous/famous-sets.ts';
import { imageDetail } from './image-detail.ts';
import { withProgress } from './progress.ts';
import type { ImageQueries } from './query.ts';
import { statisticsOf } from './statistics.ts';

/** The rooms of the project that is open now. */
export interface DataRoom {
  catalogue(): Catalogue;
  queries(): ImageQueries;
  /** Absent = those that the user's cache has or can get. */
  readonly famous?: FamousSets;
}

const notYet = (): never => {
  throw new Error('not yet');
};

export function dataCalls({ catalogue, queries, famous = new FamousSets() }: DataRoom) {
  return {
    list: wire.data.list.handler(async () => {
      await catalogue().check();
      return catalogue().list();
    }),
    open: wire.data.open.handler(({ input }) => catalogue().openFiles(input.paths, input.name)),
    remove: wire.data.remove.handler(({ input }) => catalogue().remove(input.dataset)),
    restore: wire.data.restore.handler(({ input }) => catalogue().restore(input.dataset)),
    renameClasses: wire.data.renameClasses.handler(({ input }) => {
      return catalogue().renameClasses(input.dataset, input.classes);
    }),
    relabel: wire.data.relabel.handler(({ input: { dataset, ...change } }) => {
      return catalogue().edit(dataset, { kind: 'relabel', ...change });
    }),
    exclude: wire.data.exclude.handler(({ input: { dataset, ...change } }) => {
      return catalogue().edit(dataset, { kind: 'exclude', ...change });
    }),
    undoEdit: wire.data.undoEdit.handler(({ input }) => catalogue().undoEdit(input.dataset)),
    statistics: wire.data.statistics.handler(async ({ input }) => statisticsOf(await catalogue().get(input.dataset))),
    count: wire.data.count.handler(async ({ input }) => ({ count: (await queries().find(input)).indices.length })),
    page: wire.data.page.handler(({ input }) => queries().page(input.query, input.offset, input.limit)),
    image: wire.data.image.handler(async ({ input: { dataset, split, index, run } }) => {
      const found = await queries().find({ dataset, split, order: 'natural', ...(run !== undefined && { run }) });
      return imageDetail(found.dataSet, split, index, found.table);
    }),
    look: wire.data.look.handler(notYet),
    import: wire.data.import.handler(async function* () {
      yield notYet();
      return notYet();
    }),
    report: wire.data.report.handler(notYet),
    rename: wire.data.rename.handler(notYet),
    resplit: wire.data.resplit.handler(notYet),
    mergeClasses: wire.data.mergeClasses.handler(notYet),
    excludeClasses: wire.data.excludeClasses.handler(notYet),
    relabelImages: wire.data.relabelImages.handler(notYet),
    excludeImages: wire.data.excludeImages.handler(notYet),
    redoEdit: wire.data.redoEdit.handler(notYet),
    duplicates: wire.data.duplicates.handler(async function* () {
      yield notYet();
      return notYet();
    }),
    export: wire.data.export.handler(async function* ({ input: { dataset, ...options }, signal }) {
      return yield* exportImages(await catalogue().get(dataset), options, signal);
    }),
    famous: wire.data.famous.handler(() => famous.list()),
    download: wire.data.download.handler(async function* ({ input: { id }, signal }) {
      const { name, files } = yield* withProgress(signal, (tell, stopping) => famous.fetch(id, tell, stopping));
      return catalogue().openFiles(files, name);
    }),
    addDrawing: wire.data.addDrawing.handler(({ input }) => {
      return catalogue().addDrawing(Buffer.from(input.pixels, 'base64'), input.label);
    }),
  };
}
