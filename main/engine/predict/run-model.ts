import { stat } from 'node:fs/promises';
import type { ModelRef } from '#contract/models.ts';
import type { RunSummary } from '#contract/training.ts';
import type { DataSet } from '#engine/data/data-set.ts';
import { placeLayers } from '#engine/model/placement.ts';
import type { PortableModel } from '#engine/model/portable.ts';
import { readSafetensors } from '#engine/model/safetensors.ts';
import { resolved, withUnits } from '#engine/model/spec.ts';
import { CheckpointFolder } from '#engine/training/checkpoint-folder.ts';
import { weightsFile } from '#engine/training/run-files.ts';
import { refuseUnreadable } from '#engine/training/run-network.ts';
import { epochsKept, readSnapshot } from '#engine/training/run-snapshots.ts';
import { pixelsOf, readRunSpec } from '#engine/training/run-spec.ts';
import { unknownModel } from './unknown-model.ts';

export interface RunParts {
  /** Fails: `run/unknown`. */
  get(id: string): RunSummary;
  folder(id: string): string;
}

export interface RunModel {
  readonly run: RunSummary;
  /** Epochs whose weights are kept. */
  readonly epochs: readonly number[];
  /** @param weights false: they are left out, which takes no time */
  portable(with_: { weights: boolean }): Promise<PortableModel>;
}

/**
 * A run as a model: with its last weights, those of `@best`, or those after the epoch `@n`.
 * Fails: `run/unknown`, `run/torn`, `run/newer-version`, `run/no-weights`, `model/unknown` for an epoch that is not kept.
 */
export async function runModel(
  ref: ModelRef,
  runs: RunParts,
  dataset: (id: string) => Promise<DataSet>,
): Promise<RunModel> {
  const [id = '', at] = ref.split('@');
  const run = runs.get(id);
  refuseUnreadable(run);
  const folder = runs.folder(id);
  const written = await readRunSpec(run, folder);
  const { height, width, channels } = run.images ?? (await dataset(run.settings.dataset));
  const images = { height, width, channels, classes: run.classes.length };
  const shapes = placeLayers(written, images).flatMap(({ layer, facts }) =>
    facts.weights.map(({ name, shape }) => ({ name: `${layer.name}/${name}`, shape })),
  );
  const described = {
    spec: withUnits(resolved(written, images), images.classes),
    pixels: pixelsOf(written, run),
    classes: run.classes.map((label) => ({ label })),
  };
  const values = async () => {
    if (at === undefined) return readSafetensors(weightsFile(folder), id, shapes);
    if (at !== 'best') return readSnapshot(folder, Number(at), id, shapes);
    const { found } = await new CheckpointFolder(folder).newest();
    const best = found?.facts.best;
    if (!best) throw unknownModel(ref);
    const { state } = await new CheckpointFolder(folder).at(best.step);
    const byName = new Map(state.map((array) => [array.name, array]));
    return shapes.map(({ name }) => byName.get(name) ?? { name, shape: [0], values: new Float32Array() });
  };
  return {
    run,
    epochs: await epochsKept(folder),
    portable: async ({ weights }) => ({ ...described, weights: weights ? await values() : [] }),
  };
}

/** Changes with the weights. */
export async function runRevision(ref: ModelRef, run: RunSummary, folder: string): Promise<string> {
  if (ref.includes('@')) return `${run.revision}-${ref.slice(ref.indexOf('@'))}`;
  const found = await stat(weightsFile(folder)).catch(() => null);
  return `${run.revision}-${found?.mtimeMs ?? 0}`;
}
