import { firstPhase, usualTuning, type TuningForm } from './tuning-form.ts';
import { AugmentationEdits } from './augmentation-edits.svelte.ts';
import type { DataSetSummary } from '#contract/data.ts';
import type { MoreForm } from './more-settings.ts';
import { optimizerDefaults, type OptimizerName, type TrainingSettings } from '#contract/training.ts';
import {
  emptyForm,
  formOf,
  optimizerFields,
  readForm,
  type OptimizerNumber,
  type Reading,
  type SettingsForm,
  type Subject,
} from './settings-form.ts';

/** The settings of the next run while they are being chosen; they stay when the page changes. */
export class Draft {
  #form = $state.raw<SettingsForm>(emptyForm());
  /** What is picked where a person chose nothing. */
  #pick = emptyForm().pick;
  /** Nothing is held out because the set has its own. */
  #ownSplit = false;
  readonly augmentation = new AugmentationEdits(
    () => this.#form.augmentation,
    (augmentation) => this.set({ augmentation }),
  );

  get form(): SettingsForm {
    return this.#form;
  }

  set(change: Partial<SettingsForm>): void {
    this.#form = { ...this.#form, ...change };
  }

  setNumber(name: OptimizerNumber, text: string): void {
    this.set({ numbers: { ...this.#form.numbers, [name]: text } });
  }

  setMore(change: Partial<MoreForm>): void {
    this.set({ more: { ...this.#form.more, ...change } });
  }

  /** The next run teaches a ready model new classes; `null`: it trains a network from the beginning. */
  tune(base: string | null): void {
    const { tuning } = this.#form;
    if (base === null) this.set({ tuning: null, batchSize: emptyForm().batchSize, epochs: emptyForm().epochs });
    else if (tuning) this.set({ tuning: { ...tuning, base } });
    else this.set({ tuning: { ...usualTuning, base }, ...firstPhase });
  }

  setTuning(change: Partial<TuningForm>): void {
    const { tuning } = this.#form;
    if (tuning) this.set({ tuning: { ...tuning, ...change } });
  }

  /** Another optimizer begins with Keras' defaults. */
  chooseOptimizer(name: OptimizerName): void {
    this.set(optimizerFields(optimizerDefaults[name]));
  }

  /** Takes over the settings of an earlier run; data set and preset are in the navigation's hand. */
  use(settings: TrainingSettings): void {
    this.#form = { ...formOf(settings), name: this.#form.name };
  }

  /**
   * A set with a validation split of its own is validated by that, another by what is held out; what a person chose
   * stays.
   */
  enter(set: Pick<DataSetSummary, 'kind' | 'splits'>): void {
    const usual = emptyForm();
    const validationImages = set.splits.validation ?? 0;
    // Images of folders come class after class: the last would all be of the last class.
    const pick = set.kind === 'folder' || set.kind === 'archive' ? 'stratified' : usual.pick;
    if (this.#form.pick === this.#pick && pick !== this.#pick) this.set({ pick });
    this.#pick = pick;
    const { holdOut, fraction } = this.#form;
    if (validationImages > 0 && holdOut === usual.holdOut && fraction === usual.fraction) {
      this.set({ holdOut: 'none' });
      this.#ownSplit = true;
    } else if (validationImages === 0 && this.#ownSplit) {
      if (holdOut === 'none') this.set({ holdOut: usual.holdOut });
      this.#ownSplit = false;
    }
  }

  read(subject: Subject): Reading {
    return readForm(this.#form, subject);
  }
}
