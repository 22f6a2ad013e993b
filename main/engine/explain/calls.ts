import { withProgress } from '#engine/data/progress.ts';
import { wire } from '#engine/wire.ts';
import { Explanations, type ExplanationParts } from './explanations.ts';
import { meanHeat } from './heat-of-many.ts';

export function explainCalls(rooms: () => ExplanationParts) {
  const explanations = () => new Explanations(rooms());
  return {
    layers: wire.explain.layers.handler(({ input }) => explanations().layers(input.model)),
    map: wire.explain.map.handler(({ input, signal }) => explanations().map(input, signal)),
    faithfulness: wire.explain.faithfulness.handler(({ input, signal }) =>
      withProgress(signal, (tell, ended) => explanations().faithfulness(input, tell, ended)),
    ),
    sanity: wire.explain.sanity.handler(({ input, signal }) =>
      withProgress(signal, (tell, ended) => explanations().sanity(input, tell, ended)),
    ),
    meanHeat: wire.explain.meanHeat.handler(({ input, signal }) =>
      withProgress(signal, (tell, ended) => meanHeat(input, rooms(), tell, ended)),
    ),
    save: wire.explain.save.handler(({ input, signal }) => explanations().save(input, signal)),
  };
}
