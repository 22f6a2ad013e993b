import { damaged } from '../../file-problem.ts';
import { Hdf5Thread } from '../../hdf5/hdf5-thread.ts';
import type { Hdf5Source } from '../../hdf5/words.ts';
import type { FileFacts, ReadModel, ReadOptions } from '../../read-model.ts';
import { jsonObject } from '../../safe-json.ts';
import { openArchive, type Member } from '../../zip/members.ts';
import { weightsOf } from './assemble.ts';
import { readOwnWords } from './own-words.ts';
import { readNetwork } from './read-network.ts';
import { readParts } from './read-parts.ts';
import { storedLayers } from './stored-weights.ts';
import { compiledFrom, slotsInStore } from './training-state.ts';

const largestText = 64 * 2 ** 20;
/** Of weights that are packed and so must be unpacked to memory; Keras itself does not pack them. */
const largestPacked = 2 ** 30;

/** A .keras file: a zip archive with config.json, metadata.json and model.weights.h5. Rejects with `FileProblem`. */
export async function readKeras(file: FileFacts, { weights, signal, thread: given }: ReadOptions): Promise<ReadModel> {
  const archive = await openArchive(file.path);
  const thread = given ?? new Hdf5Thread({ signal });
  try {
    const { members } = archive;
    const config = jsonObject(await textOf(members.get('config.json'), 'config.json'), 'config.json');
    const own = members.get('heatlens.json');
    const words = readOwnWords(own && (await textOf(own, 'heatlens.json')));
    const notes = new Set<string>();
    const network = readNetwork(config, notes);
    const compiled = compiledFrom(config['compile_config'], notes);
    const stored = members.get('model.weights.h5');
    if (!stored) throw damaged('it has no model.weights.h5');
    const outline = await thread.open(await sourceOf(file, stored));
    const found = weightsOf(network, storedLayers(outline, 'store'));
    const slots = slotsInStore(outline);
    return await readParts(
      { file, format: 'keras', network, words, compiled, notes },
      { thread, found, slots, weights },
    );
  } finally {
    if (!given) await thread.dispose();
    await archive.close();
  }
}

async function textOf(member: Member | undefined, name: string): Promise<string> {
  if (!member) throw damaged(`it has no ${name}`);
  return (await member.read(largestText)).toString('utf8');
}

/** Weights are read where they lie; only packed ones go through memory. */
async function sourceOf({ path }: FileFacts, member: Member): Promise<Hdf5Source> {
  return member.place ? { path, part: member.place } : { bytes: new Uint8Array(await member.read(largestPacked)) };
}
