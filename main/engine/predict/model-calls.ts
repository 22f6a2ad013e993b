import { imagenetClasses } from '#engine/model/zoo/imagenet.ts';
import type { OwnModels } from '#engine/model/own-models.ts';
import { wire } from '#engine/wire.ts';
import { exportModel, type ExportParts } from './export/export-model.ts';
import type { Models } from './models.ts';

const later = (): never => {
  throw new Error('not yet');
};

export interface ModelsRoom {
  readonly models: Models;
  readonly ownModels: OwnModels;
  readonly runs: ExportParts['runs'];
  readonly catalogue: { get: ExportParts['dataset'] };
}

export function modelsCalls(room: () => ModelsRoom) {
  return {
    list: wire.models.list.handler(() => room().models.list()),
    classes: wire.models.classes.handler(async ({ input }) => [...(await room().models.classes(input.model))]),
    look: wire.models.look.handler(later),
    open: wire.models.open.handler(later),
    describe: wire.models.describe.handler(async ({ input }) => {
      const { model, classes, ...change } = input;
      const named = classes === 'imagenet' ? imagenetClasses() : classes;
      await room().ownModels.describe(model, { ...change, ...(named && { classes: named }) });
      return room().ownModels.known(model);
    }),
    discard: wire.models.discard.handler(({ input }) => room().ownModels.discard(input.model)),
    restore: wire.models.restore.handler(async ({ input }) => {
      await room().ownModels.restore(input.model);
      return room().ownModels.known(input.model);
    }),
    export: wire.models.export.handler(({ input, signal }) => {
      const { models, runs, catalogue } = room();
      return exportModel({ models, runs, dataset: (id) => catalogue.get(id) }, input, signal);
    }),
  };
}
