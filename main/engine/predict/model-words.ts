import { AppError } from '#contract/failures.ts';
import type { ClassName, PixelTreatment } from '#contract/models.ts';

/** What is asked to be opened, as the call `models.open` has it. */
export interface Opening {
  readonly path: string;
  readonly name?: string | undefined;
  readonly network?: string | undefined;
  readonly pixels?: PixelTreatment | undefined;
  readonly classes?: readonly ClassName[] | 'imagenet' | undefined;
}

export const invalidCall = (field: string, problem: string) =>
  new AppError('call/invalid', `\`${field}\`: ${problem}.`, { field, problem });

/** Fails: `call/invalid` where the treatment is for images of other channels. */
export function refuseOddPixels(pixels: PixelTreatment, channels: number): void {
  if ((pixels.kind === 'caffe' || pixels.kind === 'torch') && channels !== 3) {
    throw invalidCall('pixels', `${pixels.kind} is for images of 3 channels; the network takes ${channels}`);
  }
  if (pixels.kind !== 'standardize') return;
  if (pixels.mean.length !== channels || pixels.deviation.length !== channels) {
    throw invalidCall('pixels', `figures of ${pixels.mean.length} channels received; the network takes ${channels}`);
  }
}
