import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#contract/failures.ts';
import { networkSpec } from '#contract/network.ts';
import type { RunSummary } from '#contract/training.ts';
import { isOwn } from '#engine/model/own-networks.ts';
import type { Pixels } from '#engine/model/pixels.ts';
import { findPreset, presets } from '#engine/model/presets.ts';
import type { NetworkData, NetworkSpec } from '#engine/model/spec.ts';
import { writeAtomic } from '#engine/project/atomic.ts';
import { ifPresent } from '#engine/project/file-failure.ts';

const specFile = (folder: string) => join(folder, 'network.json');

/** The user may change or discard a network: a run keeps the one that it began with. */
export async function keepRunSpec(folder: string, spec: NetworkData): Promise<void> {
  if (!presets.some(({ id }) => id === spec.id))
    await writeAtomic(specFile(folder), `${JSON.stringify(spec, null, 2)}\n`);
}

/** The network of a run. Fails: `model/unknown-preset`, `run/torn`, `file/unreadable`. @param folder the run's own */
export async function readRunSpec({ id, settings }: RunSummary, folder: string): Promise<NetworkSpec> {
  if (!isOwn(settings.preset) && !settings.fineTuning) return findPreset(settings.preset);
  const file = specFile(folder);
  const text = await ifPresent(readFile(file, 'utf8'));
  try {
    return networkSpec.parse(JSON.parse(text ?? ''));
  } catch (thrown) {
    const reason = text === null ? 'it is missing' : 'it describes no network';
    throw new AppError('run/torn', `${file} cannot be read: ${reason}.`, { run: id, file, reason }, thrown);
  }
}

/**
 * What is done to the pixels that the network sees: what the settings say, else what the network does.
 * Fails: `run/torn` when the figures to standardize by are not there.
 */
export function pixelsOf(
  spec: NetworkSpec,
  { id = '', settings, pixelStatistics }: Pick<RunSummary, 'settings' | 'pixelStatistics'> & { id?: string },
): Pixels {
  // A base that standardizes brings its figures with it.
  const brought = settings.fineTuning && pixelStatistics ? 'standardize' : spec.preprocessing;
  const kind = settings.pixels ?? brought;
  if (kind !== 'standardize') return { kind };
  if (pixelStatistics) return { kind, ...pixelStatistics };
  const reason = 'means and deviations of its pixels are missing';
  throw new AppError('run/torn', `Run ${id}: ${reason}.`, { run: id, file: 'run.json', reason });
}
