import type { RunSummary } from '#contract/training.ts';
import type { App } from '#state/app.svelte.ts';

/** Makes the next run like this one. A data set or network that is gone stays as it was chosen. */
export function useSettings(app: App, { settings }: RunSummary): void {
  app.draft.use(settings);
  if (app.datasets.find(settings.dataset)) app.navigation.dataset = settings.dataset;
  if (settings.fineTuning) void app.attempt(() => app.models.refresh());
  if (app.networks.find(settings.preset)) app.navigation.preset = settings.preset;
}
