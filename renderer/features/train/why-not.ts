import type { App } from '#state/app.svelte.ts';
import type { Reading } from '#state/settings-form.ts';

/** Why no run can start now, as a key of `train.blocked`; `wrong-input` has its own sentence. Null: it can. */
export type WhyNot =
  'active' | 'engine' | 'cannot-train' | 'needs-tensorflow' | 'problems' | 'loading' | 'wrong-input' | 'no-base' | null;

export function whyNot(app: App, reading: Reading | null): WhyNot {
  const { status } = app.engine;
  if (!app.engine.ready || !status) return 'engine';
  if (app.runs.active) return 'active';
  if (status.trains === 'none') return 'cannot-train';
  const set = app.datasets.find(app.navigation.dataset);
  if (!set || !reading) return 'loading';
  // Whether the base fits the images, the engine says when it begins.
  if (app.draft.form.tuning) {
    if (!app.models.find(app.draft.form.tuning.base)) return 'no-base';
    if (status.trains === 'small') return 'needs-tensorflow';
    return reading.settings ? null : 'problems';
  }
  const fit = app.networks.fit(app.navigation.preset, set.hash);
  if (fit?.failure) return 'wrong-input';
  // Without TensorFlow only networks of dense layers train (contract: `small`).
  const small = !fit?.summary.layers.some((layer) => layer.kind.startsWith('Conv'));
  if (status.trains === 'small' && !small) return 'needs-tensorflow';
  return reading.settings ? null : 'problems';
}
