import type { DataSet } from '#engine/data/data-set.ts';
import { wire } from '#engine/wire.ts';
import type { OwnNetworks } from './own-networks.ts';
import { refuseWrong } from './placement.ts';
import { presets } from './presets.ts';
import { zoo } from './zoo/definitions.ts';
import { forAnyClasses } from './zoo/for-any-classes.ts';
import { resolved, type ImageShape, type NetworkSpec } from './spec.ts';
import { checkNetwork, presetSummary, summaryOf } from './summary.ts';

export interface ModelRoom {
  dataset(id: string): Promise<DataSet>;
  networks(): OwnNetworks;
  /** The network that a run was trained with, and the images it takes. Fails: `run/unknown`, `model/unknown-preset`. */
  ofRun(run: string): Promise<{ spec: NetworkSpec; images: Omit<ImageShape, 'classes'> }>;
}

export function modelCalls({ dataset, networks, ofRun }: ModelRoom) {
  const images = async (id: string): Promise<ImageShape> => {
    const { height, width, channels, classes } = await dataset(id);
    return { height, width, channels, classes: classes.length };
  };
  const find = (id: string): NetworkSpec => {
    const ofZoo = zoo.find((each) => each.id === id);
    return ofZoo ? forAnyClasses(ofZoo.network()) : networks().find(id);
  };
  return {
    presets: wire.model.presets.handler(() => [
      ...networks()
        .list()
        .map((spec) => presetSummary(spec, true)),
      ...presets.map((spec) => presetSummary(spec)),
    ]),
    summary: wire.model.summary.handler(async ({ input }) => {
      const [spec, shape] = [networks().find(input.preset), await images(input.dataset)];
      refuseWrong(spec, shape);
      return summaryOf(spec, shape);
    }),
    spec: wire.model.spec.handler(async ({ input }) => {
      const from = 'run' in input ? await ofRun(input.run) : { spec: find(input.preset), images: null };
      const [height, width, channels] = from.spec.input;
      const wanted = input.dataset === undefined ? from.images : await images(input.dataset);
      return resolved(from.spec, wanted ?? { height, width, channels });
    }),
    check: wire.model.check.handler(async ({ input }) => checkNetwork(input.spec, await images(input.dataset))),
    save: wire.model.save.handler(async ({ input }) =>
      presetSummary(await networks().save(input.spec, input.id), true),
    ),
    discardNetwork: wire.model.discardNetwork.handler(({ input }) => networks().discard(input.id)),
    restoreNetwork: wire.model.restoreNetwork.handler(async ({ input }) =>
      presetSummary(await networks().restore(input.id), true),
    ),
  };
}
