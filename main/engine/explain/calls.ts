import { wire } from '#engine/wire.ts';

const later = (): never => {
  throw new Error('not yet');
};
async function* laterStream(): AsyncGenerator<never, never> {
  yield later();
  return later();
}

export function explainCalls() {
  return {
    layers: wire.explain.layers.handler(later),
    map: wire.explain.map.handler(later),
    faithfulness: wire.explain.faithfulness.handler(laterStream),
    sanity: wire.explain.sanity.handler(laterStream),
    meanHeat: wire.explain.meanHeat.handler(laterStream),
    save: wire.explain.save.handler(later),
  };
}
