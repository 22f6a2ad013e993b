import { optimizerDefaults, type TrainingSettings } from '#contract/training.ts';
import type { App } from './app.svelte.ts';
import { isActive } from './run-view.svelte.ts';
import { usualModel } from './models.svelte.ts';
import { trySampleFilm } from './receive-films.ts';
import { trySample } from './receive-photos.ts';

/** What a newcomer can begin with, each one click. */
export const firstSteps = ['learn', 'ask', 'draw', 'own', 'film'] as const;
export type FirstStep = (typeof firstSteps)[number];

/** A small network on part of MNIST: seconds on a laptop, about 95 % right. */
export const firstRun: TrainingSettings = {
  dataset: 'mnist',
  preset: 'mnist-cnn',
  epochs: 2,
  batchSize: 128,
  optimizer: optimizerDefaults.adam,
  seed: 1,
  validation: { amount: 'none', pick: 'last' },
  limitTrain: 6000,
};

/** Does the step; resolves when it is on its way, not when a training ends. */
export async function takeStep(app: App, step: FirstStep): Promise<void> {
  if (step === 'own') {
    await app.attempt(() => app.models.refresh());
    app.draft.tune(app.models.usual?.ref ?? usualModel);
    app.navigation.go('train');
    await app.preferences.set({ welcomed: true });
    return;
  }
  if (step === 'film') {
    if (!(await trySampleFilm(app))) return;
  } else if (step === 'ask') {
    app.navigation.model = null;
    if (!(await trySample(app, 'chelsea'))) return;
  } else if (step === 'learn') {
    if ((await train(app)) === undefined) return;
  } else if (!(await openPad(app))) return;
  await app.preferences.set({ welcomed: true });
}

export function hasTrained(app: App): boolean {
  return app.runs.all.some((run) => run.epochsDone > 0);
}

/** Starts the first run and shows it. Undefined: it did not start, and why was told. */
async function train(app: App): Promise<string | undefined> {
  const busy = app.runs.active;
  const run = busy ?? (await app.attempt(() => app.runs.start(firstRun)));
  if (!run) return undefined;
  app.openRun(run.id);
  app.navigation.go('train');
  return run.id;
}

async function openPad(app: App): Promise<boolean> {
  app.navigation.lookView = 'draw';
  if (hasTrained(app)) {
    app.navigation.go('look');
    return true;
  }
  const run = await train(app);
  if (run !== undefined) void app.attempt(() => padWhenTrained(app, run));
  return run !== undefined;
}

/** Goes on to the pad when the run has ended, unless the person went elsewhere meanwhile. */
async function padWhenTrained(app: App, run: string): Promise<void> {
  for await (const event of await app.link.engine.training.watch({ run })) {
    if (event.kind === 'run' && !isActive(event.run)) break;
  }
  const ended = await app.link.engine.training.run({ run });
  if (ended.epochsDone > 0 && app.navigation.page === 'train') {
    await app.runs.refresh();
    app.navigation.lookView = 'draw';
    app.navigation.go('look');
  }
}
