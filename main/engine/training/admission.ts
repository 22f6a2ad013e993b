import type { RunSummary, TrainingSettings } from '#contract/training.ts';
import { machineMemory, type MachineMemory } from '#engine/backend/machine-memory.ts';
import type { DataSet } from '#engine/data/data-set.ts';
import type { NetworkSpec } from '#engine/model/spec.ts';
import { refuseTooLarge } from './memory-estimate.ts';
import { planTuned } from './fine-tuning/plan-tuned.ts';
import { planRun, type Plan } from './plan.ts';
import { figuresOf } from './pixel-statistics.ts';
import type { TrainingSurroundings } from './run-session.ts';

export interface AdmissionParts extends Pick<TrainingSurroundings, 'store' | 'backend' | 'base'> {
  readonly dataset: (id: string) => Promise<DataSet>;
  /** Of what computes; absent: of the machine. */
  readonly memory?: () => Promise<MachineMemory>;
  /** The network of this id; absent: presets alone. Fails: `model/unknown-preset`. */
  readonly network?: (id: string) => NetworkSpec;
}

export interface Asked {
  readonly settings: TrainingSettings;
  readonly sweep?: NonNullable<RunSummary['sweep']>;
}

/** Decides what may become a run, and makes it one. */
export class Admission {
  readonly #parts: AdmissionParts;

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
  }

  /** Fails: as `planRun`, `data/…`, `train/base-unfit`, `model/unknown`. */
  async plan(settings: TrainingSettings, spec?: NetworkSpec): Promise<Plan> {
    const { backend, base } = this.#parts;
    const data = await this.#parts.dataset(settings.dataset);
    if (!spec && settings.fineTuning) return planTuned({ settings, data, backend, base });
    return planRun(settings, data, backend, spec ?? this.#parts.network?.(settings.preset));
  }

  /**
   * Its plan, unless it cannot work at all. Fails: as `plan`, `train/out-of-memory`.
   * @param spec of a run that has its network already
   */
  async accept(settings: TrainingSettings, spec?: NetworkSpec): Promise<Plan> {
    const plan = await this.plan(settings, spec);
    refuseTooLarge(plan.memory, settings.batchSize, plan.cut.train.length, await this.memory());
    return plan;
  }

  memory(): Promise<MachineMemory> {
    return this.#parts.memory?.() ?? machineMemory('cpu');
  }

  /** Fails: `file/…`. */
  create(
    { settings, sweep }: Asked,
    { data, spec, model, tuned }: Plan,
    facts: { readonly state: 'preparing' } | { readonly state: 'queued'; readonly queued: number },
  ): Promise<RunSummary> {
    const { height, width, channels } = data;
    const told = {
      ...facts,
      ...(sweep && { sweep }),
      datasetName: data.summary.name,
      presetName: spec.name,
      classes: [...data.classes],
      images: { height, width, channels },
      dataHash: data.summary.hash,
      parameters: model.parameters,
      epochsDone: 0,
      revision: '0',
      ...(tuned && { tuned: tuned.facts }),
      ...(tuned?.statistics && settings.pixels === undefined && { pixelStatistics: figuresOf(tuned.statistics) }),
    };
    return this.#parts.store.create(settings, told, spec);
  }
}
