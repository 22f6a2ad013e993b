import { createInterface } from 'node:readline';

/** A side that is ready for rounds. */
export interface Side {
  /** How it computes, for the table: versions, compiled or not. */
  readonly facts: Readonly<Record<string, string | boolean>>;
  /** So many steps, one after the other. A side may say itself how long they took, and what its programs took `more` of processors. */
  round(steps: number): Promise<{ readonly seconds?: number; readonly more?: number } | void>;
}

/**
 * Tells the bench in lines of JSON: `ready`, then for each line `{"steps": n}` that comes in the time of such a round,
 * and at the end of the input the most memory there ever was. Times are the side's own: what passes between processes
 * does not count.
 */
export async function talk(prepare: () => Promise<Side>): Promise<void> {
  const { facts, round } = await prepare();
  tell({ kind: 'ready', facts });
  for await (const line of createInterface({ input: process.stdin })) {
    const { steps } = JSON.parse(line) as { steps: number };
    const processor = process.cpuUsage();
    const started = performance.now();
    const own = (await round(steps)) ?? {};
    const seconds = own.seconds ?? (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(processor);
    tell({ kind: 'round', seconds, processor: (user + system) / 1e6 + (own.more ?? 0) });
  }
  tell({ kind: 'end', peak: process.resourceUsage().maxRSS * 1024 });
  process.exit(0); // TensorFlow's threads need not be waited for
}

function tell(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
