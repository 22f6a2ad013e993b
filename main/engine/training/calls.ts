import { wire } from '#engine/wire.ts';
import type { RunStore } from './run-store.ts';
import type { Trainer } from './trainer.ts';

/** The rooms of the project that is open now. */
export interface TrainingRoom {
  store(): RunStore;
  trainer(): Trainer;
}

export function trainingCalls({ store, trainer }: TrainingRoom) {
  return {
    start: wire.training.start.handler(({ input }) => trainer().start(input)),
    pause: wire.training.pause.handler(({ input }) => trainer().pause(input.run)),
    resume: wire.training.resume.handler(({ input }) => trainer().resume(input.run)),
    stop: wire.training.stop.handler(({ input }) => trainer().stop(input.run, input.when)),
    runs: wire.training.runs.handler(() => store().list()),
    run: wire.training.run.handler(async ({ input }) => {
      const detail = await store().detail(input.run);
      const now = trainer().underWay(input.run);
      return now ? { ...detail, progress: now.progress, batches: [...detail.batches, ...now.batches] } : detail;
    }),
    watch: wire.training.watch.handler(({ input, signal }) => trainer().watch(input.run, signal)),
    rename: wire.training.rename.handler(({ input }) => store().change(input.run, { name: input.name })),
    discard: wire.training.discard.handler(({ input }) => store().discard(input.run)),
    restore: wire.training.restore.handler(({ input }) => store().restore(input.run)),
  };
}
