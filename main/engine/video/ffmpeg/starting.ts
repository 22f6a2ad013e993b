import { busy } from '#engine/pulse.ts';

/**
 * Starts a program. The thread that starts one stands still until it runs, which on a crowded machine takes long, and
 * longer for each of several: that is no reason to take the engine for hung.
 */
export function starting<T>(start: () => T): T {
  const started = busy('starting a program');
  try {
    return start();
  } finally {
    started();
  }
}
