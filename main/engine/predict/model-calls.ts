import { imagenetClasses } from '#engine/model/zoo/imagenet.ts';
import { lookAtModelFile } from '#engine/model/formats/read-model-file.ts';
import type { OwnModels } from '#engine/model/own-models.ts';
import type { OwnNetworks } from '#engine/model/own-networks.ts';
import type { NetworkData } from '#engine/model/spec.ts';
import { wire } from '#engine/wire.ts';
import { exportModel, type ExportParts } from './export/export-model.ts';
import { exportProgram, type ProgramParts } from './program/export-program.ts';
import type { Models } from './models.ts';
import { lookAtSavedModel, savedModelFolder, savedPrefix, type SavedModels } from './saved-models.ts';
import { openModelFile, type OpeningParts } from './open-model-file.ts';

export interface ModelsRoom {
  readonly models: Models;
  readonly ownModels: OwnModels;
  readonly savedModels: SavedModels;
  readonly networks: Pick<OwnNetworks, 'find'>;
  readonly runs: ExportParts['runs'] & ProgramParts['runs'];
  readonly catalogue: { get: ProgramParts['dataset'] };
}

export interface ModelsSurroundings {
  /** A network of the zoo, whether its weights are here or not; null where there is none of that id. */
  zoo(id: string): NetworkData | null;
  /** Settles when tensors can be computed. Fails: `engine/not-ready`. */
  ready(): Promise<void>;
}

export function modelsCalls(room: () => ModelsRoom, { zoo, ready }: ModelsSurroundings) {
  const opening = (): OpeningParts => {
    const { ownModels, savedModels, networks } = room();
    return { ownModels, savedModels, ready, network: (id) => zoo(id) ?? networks.find(id) };
  };
  const shelfOf = (id: string) => (id.startsWith(savedPrefix) ? room().savedModels : room().ownModels);
  return {
    list: wire.models.list.handler(() => room().models.list()),
    classes: wire.models.classes.handler(async ({ input }) => [...(await room().models.classes(input.model))]),
    look: wire.models.look.handler(async ({ input, signal }) => {
      const saved = await savedModelFolder(input.path);
      if (saved === null) return lookAtModelFile(input.path, signal);
      await ready();
      return lookAtSavedModel(saved);
    }),
    open: wire.models.open.handler(({ input, signal }) => openModelFile(opening(), input, signal)),
    describe: wire.models.describe.handler(async ({ input }) => {
      const { model, classes, ...change } = input;
      const named = classes === 'imagenet' ? imagenetClasses() : classes;
      const shelf = shelfOf(model);
      await shelf.describe(model, { ...change, ...(named && { classes: named }) });
      return shelf.known(model);
    }),
    discard: wire.models.discard.handler(({ input }) => shelfOf(input.model).discard(input.model)),
    restore: wire.models.restore.handler(async ({ input }) => {
      const shelf = shelfOf(input.model);
      await shelf.restore(input.model);
      return shelf.known(input.model);
    }),
    export: wire.models.export.handler(({ input, signal }) => {
      const { models, runs, catalogue } = room();
      return exportModel({ models, runs, dataset: (id) => catalogue.get(id) }, input, signal);
    }),
    program: wire.models.program.handler(({ input, signal }) => {
      const { models, runs, catalogue } = room();
      const base = (ref: string) => models.portable(ref);
      return exportProgram({ models, runs, base, ready, dataset: (id) => catalogue.get(id) }, input, signal);
    }),
  };
}
