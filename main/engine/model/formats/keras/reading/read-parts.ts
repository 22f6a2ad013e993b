import type { ReadFormat } from '#contract/models.ts';
import type { Hdf5Thread } from '../../hdf5/hdf5-thread.ts';
import type { FileFacts, ReadModel } from '../../read-model.ts';
import { inOrder, lookOf, portableOf } from './assemble.ts';
import { readFound } from './load-keras-weights.ts';
import type { FoundWeight } from './match-weights.ts';
import type { OwnWords } from './own-words.ts';
import type { ReadNetwork } from './read-network.ts';
import { readTraining, type Compiled, type StoredSlot } from './training-state.ts';

/** What a file says of its model. */
interface Said {
  readonly file: FileFacts;
  readonly format: ReadFormat;
  readonly network: ReadNetwork;
  readonly words: OwnWords | null;
  readonly compiled: Compiled | null;
  readonly notes: Set<string>;
}

/** Where its arrays lie. */
interface Stored {
  readonly thread: Hdf5Thread;
  readonly found: readonly FoundWeight[];
  /** Of the optimizer. */
  readonly slots: readonly StoredSlot[];
  /** Whether they are wanted. */
  readonly weights: boolean;
}

/** The model of a file whose words are read, in either of Keras' formats. Rejects with `FileProblem`. */
export async function readParts(
  { file, format, network, words, compiled, notes }: Said,
  { thread, found, slots, weights }: Stored,
): Promise<ReadModel> {
  const optimizer = slots.length > 0 ? compiled?.optimizer : undefined;
  const look = () => lookOf(file, format, network, words, optimizer, notes);
  if (!weights) return { look: look(), model: portableOf(network, words, []) };
  const values = inOrder(network, await readFound(thread, found));
  const training = compiled
    ? await readTraining(thread, compiled, slots, network.spec, network.classes, notes)
    : undefined;
  // Only now: reading the optimizer's state may have left a note.
  return { look: look(), model: portableOf(network, words, values, training), fit: words?.fit };
}
