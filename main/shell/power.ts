import { powerSaveBlocker } from 'electron';
import { awakeLabels } from '#contract/engine-process.ts';
import type { EngineProcess } from '#link/engine-process.ts';

const lookEvery = 5000;
/** Longer than any pause between steps, as an epoch's end makes. */
const idleAfter = 60_000;

/**
 * Keeps the machine, not its screen, from going to sleep while the engine trains or makes films, and while the page waits
 * for an import, an export or a download.
 * @param atWork whether the page says that something is under way
 */
export function stayAwakeAtWork(engine: Pick<EngineProcess, 'busy' | 'life'>, atWork: () => boolean): void {
  let blocker: number | null = null;
  let seen = -Infinity;
  setInterval(() => {
    const now = performance.now();
    if (engine.busy !== null && awakeLabels.includes(engine.busy)) seen = now;
    const works = (now - seen < idleAfter || atWork()) && engine.life.state === 'ready';
    if (works && blocker === null) blocker = powerSaveBlocker.start('prevent-app-suspension');
    if (!works && blocker !== null) {
      powerSaveBlocker.stop(blocker);
      blocker = null;
    }
  }, lookEvery);
}
