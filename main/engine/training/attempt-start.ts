import type { RunSummary } from '#contract/training.ts';
import { countBatches } from './batches.ts';
import type { CheckpointFacts } from './checkpoint.ts';
import { loopStart, type LoopPlace } from './loop.ts';

/** Batches of an epoch. */
export function epochSteps({ settings }: RunSummary, images: number, size: number): number {
  return settings.stepsPerEpoch ?? countBatches(images, size);
}

/** With smaller batches an epoch has more steps: the schedule goes on where it was in its epochs. */
export function resized(
  { place, batchSize }: CheckpointFacts,
  run: RunSummary,
  images: number,
  size: number,
): LoopPlace {
  if (size === batchSize) return place;
  const longer = epochSteps(run, images, size) / epochSteps(run, images, batchSize);
  return { ...place, scheduled: Math.round(place.scheduled * longer) };
}

/** Where a run of so many images begins. @param updates that its optimizer has done before */
export function startOf({ settings }: RunSummary, images: number, size: number, updates = 0): LoopPlace {
  return { ...loopStart(images, size, settings.initialEpoch ?? 0, settings.stepsPerEpoch), step: updates };
}
