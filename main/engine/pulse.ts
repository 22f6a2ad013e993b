import { Worker } from 'node:worker_threads';
import { awakeLabels } from '#contract/engine-process.ts';

/** Shared with the worker: when the main loop last turned (ns), and what it is busy with (length, then UTF-8). */
const turned = new BigInt64Array(new SharedArrayBuffer(8));
const label = new Uint8Array(new SharedArrayBuffer(64));
const labels: { text: string }[] = [];

/** Milliseconds between two marks of the main loop. */
const markEvery = 100;

export interface PulseMemory {
  readonly turned: BigInt64Array;
  readonly label: Uint8Array;
}

/** Starts the thread that writes pulses to stdout; see `pulse` in contract/engine-process.ts. */
export function startPulse(workerFile: string): void {
  const mark = () => void Atomics.store(turned, 0, process.hrtime.bigint());
  mark();
  setInterval(mark, markEvery).unref();
  const memory: PulseMemory = { turned, label };
  new Worker(workerFile, { workerData: memory }).unref();
}

/**
 * Says that a long native call is honest work; call the function returned when it is over. Without it an engine whose
 * main loop stands still for three seconds is taken for hung, and killed.
 */
export function busy(text: string): () => void {
  const entry = { text };
  labels.push(entry);
  show();
  return () => {
    const place = labels.indexOf(entry);
    if (place >= 0) labels.splice(place, 1);
    // The turn of the loop that follows the work has not come yet: what lag there is was honest.
    if (labels.length === 0) Atomics.store(turned, 0, process.hrtime.bigint());
    show();
  };
}

function show(): void {
  // Short work that is part of long work does not hide it from who keeps the machine awake.
  const { text } = labels.find((each) => awakeLabels.includes(each.text)) ?? labels.at(-1) ?? { text: '' };
  label[0] = new TextEncoder().encodeInto(text, label.subarray(1)).written;
}
