import { Hdf5Thread } from '../../hdf5/hdf5-thread.ts';
import type { FileFacts, ReadModel, ReadOptions } from '../../read-model.ts';
import { jsonObject } from '../../safe-json.ts';
import { weightsOf } from './assemble.ts';
import { loadWeightsAlone } from './load-keras-weights.ts';
import { readOwnWords } from './own-words.ts';
import { readNetwork } from './read-network.ts';
import { readParts } from './read-parts.ts';
import { layoutOf, storedLayers } from './stored-weights.ts';
import { compiledFrom, slotsInLegacy } from './training-state.ts';

/** An .h5 file of a whole model, or of weights alone. Rejects with `FileProblem`. */
export async function readH5(file: FileFacts, { weights, signal, thread: given }: ReadOptions): Promise<ReadModel> {
  const thread = given ?? new Hdf5Thread({ signal });
  try {
    const outline = await thread.open({ path: file.path });
    const layout = layoutOf(outline);
    const stored = storedLayers(outline, layout);
    if (layout !== 'whole') {
      const { path, bytes, name } = file;
      const weightsFor: ReadModel['weightsFor'] = (spec) => loadWeightsAlone(path, spec, signal);
      return { look: { path, format: 'h5-weights', name, notes: [], bytes }, model: null, weightsFor };
    }
    const { attributes } = outline;
    const text = (name: string) => (typeof attributes[name] === 'string' ? attributes[name] : undefined);
    const notes = new Set<string>();
    const network = readNetwork(jsonObject(text('model_config') ?? '', 'model_config'), notes);
    const words = readOwnWords(text('heatlens'));
    const trained = text('training_config');
    const compiled = trained === undefined ? null : compiledFrom(jsonObject(trained, 'training_config'), notes);
    const found = weightsOf(network, stored);
    const slots = slotsInLegacy(outline);
    return await readParts({ file, format: 'h5', network, words, compiled, notes }, { thread, found, slots, weights });
  } finally {
    if (!given) await thread.dispose();
  }
}
