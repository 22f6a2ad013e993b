import { lossName, metricName, monitorValue, trainingSettings, type ScheduleSettings } from '#contract/training.ts';
import type { FormField, Reading } from '#state/settings-form.ts';

export const losses = lossName.options;
export const metrics = metricName.options;
export const pixelKinds = trainingSettings.shape.pixels.unwrap().options;
export const monitors = monitorValue.options;
export const scheduleKinds: readonly ScheduleSettings['kind'][] = [
  'constant',
  'step',
  'exponential',
  'cosine',
  'plateau',
];

export const wrongIn = (problems: Reading['problems'], fields: readonly FormField[]): boolean =>
  fields.some((field) => problems[field] !== undefined);
