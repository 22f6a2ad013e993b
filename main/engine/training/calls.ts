import { wire } from '#engine/wire.ts';
import { annotation } from './run-change.ts';
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
    enqueue: wire.training.enqueue.handler(({ input }) => trainer().enqueue(input)),
    sweep: wire.training.sweep.handler(({ input }) => trainer().sweep(input.settings, input.axes)),
    moveInQueue: wire.training.moveInQueue.handler(({ input }) => trainer().moveInQueue(input.run, input.place)),
    continue: wire.training.continue.handler(({ input }) => trainer().continue(input.run)),
    preflight: wire.training.preflight.handler(({ input }) => trainer().preflight(input)),
    firstImages: wire.training.firstImages.handler(({ input }) => trainer().firstImages(input.settings, input.count)),
    schedulePreview: wire.training.schedulePreview.handler(({ input }) => trainer().schedulePreview(input.settings)),
    runs: wire.training.runs.handler(() => store().list()),
    run: wire.training.run.handler(async ({ input }) => {
      // Asked for before the disk is read: what goes to the disk meanwhile is then in both, and never in neither.
      const now = trainer().underWay(input.run);
      const detail = await store().detail(input.run);
      if (!now) return detail;
      const onDisk = detail.batches.at(-1)?.step ?? 0;
      const batches = [...detail.batches, ...now.batches.filter(({ step }) => step > onDisk)];
      return { ...detail, progress: now.progress, batches };
    }),
    watch: wire.training.watch.handler(({ input, signal }) => trainer().watch(input.run, signal)),
    rename: wire.training.rename.handler(({ input }) => store().change(input.run, { name: input.name })),
    annotate: wire.training.annotate.handler(({ input }) => store().change(input.run, annotation(input))),
    discard: wire.training.discard.handler(({ input }) => trainer().discard(input.run)),
    restore: wire.training.restore.handler(({ input }) => trainer().restore(input.run)),
  };
}
