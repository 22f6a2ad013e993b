import { wire } from '#engine/wire.ts';
import type { Catalogue } from './catalogue.ts';
import { imageDetail } from './image-detail.ts';
import type { ImageQueries } from './query.ts';
import { statisticsOf } from './statistics.ts';

/** The rooms of the project that is open now. */
export interface DataRoom {
  catalogue(): Catalogue;
  queries(): ImageQueries;
}

export function dataCalls({ catalogue, queries }: DataRoom) {
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
    addDrawing: wire.data.addDrawing.handler(({ input }) => {
      return catalogue().addDrawing(Buffer.from(input.pixels, 'base64'), input.label);
    }),
  };
}
