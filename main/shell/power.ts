import { powerSaveBlocker } from 'electron';
import { trainingLabel } from '#contract/engine-process.ts';
import type { EngineProcess } from '#link/engine-process.ts';

const lookEvery = 5000;
/** Longer than any pause between steps, as an epoch's end makes. */
const idleAfter = 60_000;

/** Keeps the machine from going to sleep while the engine trains. */
export function stayAwakeInTraining(engine: EngineProcess): void {
  let blocker: number | null = null;
  let seen = -Infinity;
  setInterval(() => {
    const now = performance.now();
    if (engine.busy === trainingLabel) seen = now;
    const training = now - seen < idleAfter && engine.life.state === 'ready';
    if (training && blocker === null) blocker = powerSaveBlocker.start('prevent-app-suspension');
    if (!training && blocker !== null) {
      powerSaveBlocker.stop(blocker);
      blocker = null;
    }
  }, lookEvery);
}
