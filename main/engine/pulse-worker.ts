import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { endSeconds, pulseEvery, type Pulse } from '#contract/engine-process.ts';
import type { PulseMemory } from './pulse.ts';
import { OwnLag, starvedFor } from './starved.ts';

const { turned, label } = workerData as PulseMemory;
const stdout = 1;
const ownLag = new OwnLag();
let count = 0;
let aloneSince = 0;

beat();
setInterval(beat, pulseEvery);

function beat(): void {
  const lag = ownLag.at(Atomics.load(turned, 0), process.hrtime.bigint(), starvedFor(process.pid));
  const text = new TextDecoder().decode(label.slice(1, 1 + (label[0] ?? 0)));
  write({ pulse: ++count, lag, busy: text || null });
}

function write(pulse: Pulse): void {
  try {
    writeSync(stdout, `${JSON.stringify(pulse)}\n`);
    aloneSince = 0;
  } catch (error) {
    // A full pipe only means that the host is slow.
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') endIfAlone();
  }
}

/** Nobody reads: the host is gone. The main thread ends by itself; should it hang, this thread sees to it. */
function endIfAlone(): void {
  aloneSince ||= performance.now();
  if (performance.now() - aloneSince > (endSeconds + 1) * 1000) process.kill(process.pid, 'SIGKILL');
}
