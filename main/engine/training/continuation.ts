import { AppError } from '#contract/failures.ts';
import type { RunSummary } from '#contract/training.ts';
import type { DataSet } from '#engine/data/data-set.ts';
import type { ImageShape } from '#engine/model/spec.ts';
import { CheckpointFolder, type PassedOver } from './checkpoint-folder.ts';
import { networkFingerprint, type Checkpoint, type CheckpointFacts } from './checkpoint.ts';
import { cutBatches, cutHistory } from './run-files.ts';
import { removeSnapshotsAfter } from './run-snapshots.ts';
import { readRunSpec } from './run-spec.ts';
import { sampleWeightsHash } from './sample-weights.ts';

/** Where a run goes on from. */
export interface Continuation extends Checkpoint {
  /** Newer checkpoints that were damaged. */
  readonly passedOver: readonly PassedOver[];
}

/** `reason` of `run/cannot-continue`: each has its words in assets/strings. */
type Reason = 'active' | 'done' | 'none' | 'damaged' | 'newer' | 'torn' | 'data' | 'classes' | 'network' | 'weights';

/** States in which a run lies with work left in it. */
const open: readonly RunSummary['state'][] = ['interrupted', 'stopped', 'failed'];

/**
 * The place where this run can be taken up again, if everything is as it was.
 * Fails: `run/cannot-continue` with the reason, `file/unreadable`.
 * @param folder the run's own
 */
export async function checkContinuable(
  run: RunSummary,
  folder: string,
  data: Pick<DataSet, 'summary' | 'classes' | 'height' | 'width' | 'channels'>,
): Promise<Continuation> {
  const refuse = (reason: Reason, why: string, cause?: unknown): never => {
    throw new AppError('run/cannot-continue', `Run ${run.id} cannot go on: ${why}.`, { run: run.name, reason }, cause);
  };
  if (run.failure?.code === 'run/torn') return refuse('torn', 'its files are damaged');
  if (run.failure?.code === 'run/newer-version') return refuse('newer', 'it was written by a newer Heatlens');
  if (run.state === 'done') return refuse('done', 'it has reached its end');
  if (!open.includes(run.state)) return refuse('active', `it is ${run.state}`);
  const { found, passedOver } = await new CheckpointFolder(folder).newest();
  const [newest] = passedOver;
  // An older checkpoint beside a newer program's would throw away what that one trained.
  if (newest?.newer) return refuse('newer', newest.reason);
  if (!found) {
    if (newest) return refuse('damaged', `${newest.file}: ${newest.reason}`);
    return refuse('none', 'it has no checkpoint');
  }
  const { facts } = found;
  const { classes, height, width, channels } = data;
  if (facts.data.classes.join('\n') !== classes.join('\n')) {
    return refuse(
      'classes',
      `it was trained on the classes ${facts.data.classes.join(', ')}, now ${classes.join(', ')}`,
    );
  }
  if (facts.data.hash !== data.summary.hash) return refuse('data', `the images of ${data.summary.name} have changed`);
  const images = { height, width, channels, classes: classes.length };
  if (facts.network !== (await fingerprint(run, folder, images)))
    return refuse('network', `${run.settings.preset} is another network now`);
  if (facts.sampleWeights !== (await sampleWeightsHash(folder)))
    return refuse('weights', 'its sample weights have changed');
  return { ...found, passedOver };
}

/** What came after the checkpoint is done again: its lines go, and so do later checkpoints. Fails: `file/…`. */
export async function cutBack(folder: string, { place }: Pick<CheckpointFacts, 'place'>): Promise<void> {
  await cutHistory(folder, place.epoch - 1);
  await cutBatches(folder, place.step);
  await new CheckpointFolder(folder).removeAfter(place.step);
  await removeSnapshotsAfter(folder, place.epoch - 1);
}

/** `null` where the preset is gone or no longer takes such images. */
async function fingerprint(run: RunSummary, folder: string, images: ImageShape): Promise<string | null> {
  try {
    return networkFingerprint(await readRunSpec(run, folder), images);
  } catch {
    return null;
  }
}
