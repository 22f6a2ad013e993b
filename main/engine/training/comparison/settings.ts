import type { ComparedSetting, SettingValue } from '#contract/comparison.ts';
import { optimizerDefaults, type RunSummary, type TrainingSettings } from '#contract/training.ts';

/** All settings of these runs by their paths, in the order in which a run names them; those that differ are marked. */
export function comparedSettings(runs: readonly RunSummary[]): ComparedSetting[] {
  const flat = runs.map(flatSettings);
  const paths = new Set(flat.flatMap((settings) => [...settings.keys()]));
  return [...paths].map((path) => {
    const values = flat.map((settings) => settings.get(path) ?? null);
    return { path, values, differs: values.some((value) => value !== values[0]) };
  });
}

/** What a run has when its settings do not say: a value left out is no other than the default written out. */
function writtenOut(settings: TrainingSettings): Record<string, unknown> {
  const { name: _, epochs, batchSize, optimizer, augmentation, ...rest } = settings;
  return {
    ...{ epochs, batchSize, optimizer: { ...optimizerDefaults[optimizer.name], ...optimizer } },
    ...{ loss: { name: 'sparse_categorical_crossentropy' }, schedule: { kind: 'constant' } },
    ...{ shuffle: true, compile: true, validationFrequency: 1, initialEpoch: 0, pixels: 'network' },
    ...rest,
    augmentation: augmentation && augmentation.ops.length > 0 ? augmentation : undefined,
    metrics: settings.metrics?.join(', '),
  };
}

function flatSettings({ settings, datasetName, presetName, dataHash }: RunSummary): Map<string, SettingValue> {
  const flat = new Map<string, SettingValue>();
  const { dataset, preset, ...others } = writtenOut(settings);
  // By their names; two sets of one name are told apart by what is in them.
  flat.set('dataset', datasetName || String(dataset));
  // Networks of one's own may have one name.
  flat.set(
    'preset',
    String(preset).startsWith('own-') ? `${presetName} (${String(preset)})` : presetName || String(preset),
  );
  if (dataHash !== undefined) flat.set('dataHash', dataHash.slice(0, 12));
  flatten('', others, flat);
  return flat;
}

function flatten(path: string, value: unknown, flat: Map<string, SettingValue>): void {
  if (value === undefined || value === null) return;
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') flat.set(path, value);
  else if (Array.isArray(value)) flat.set(path, listText(value));
  else {
    for (const [name, inner] of Object.entries(value)) flatten(path === '' ? name : `${path}.${name}`, inner, flat);
  }
}

/** `flip-left-right, rotation degrees=15`: an op of a list with its ranges. */
function listText(list: readonly unknown[]): string {
  return list
    .map((each) => {
      if (typeof each !== 'object' || each === null) return String(each);
      const [name, ...rest] = Object.entries(each).filter(([, value]) => value !== undefined);
      return [String(name?.[1] ?? ''), ...rest.map(([key, value]) => `${key}=${String(value)}`)].join(' ');
    })
    .join(', ');
}
