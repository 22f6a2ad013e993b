import { setImmediate as breathe } from 'node:timers/promises';
import { networkOf } from '#engine/model/network.ts';
import { classCount } from '#engine/model/zoo/definition.ts';
import type { NetworkData } from '#engine/model/spec.ts';
import { busy } from '#engine/pulse.ts';
import { Inference } from '../inference.ts';

export interface Speed {
  /** Milliseconds for an image alone. */
  readonly one: number;
  /** Milliseconds for each of eight at once. */
  readonly eight: number;
}

/** Rounds without a clock, in which graphs are made and memory found. */
const warmUps = 3;
const mostRounds = 15;
/** After that time no further round is begun, milliseconds; fewer than `leastRounds` are not enough. */
const longest = 3000;
const leastRounds = 3;

/**
 * Medians of warm forward passes from bytes to logits. Weights are random: they take as long as learnt ones. Between rounds
 * the event loop turns. Fails: `model/…`; rejects with the signal's reason.
 */
export async function measure(spec: NetworkData, signal: AbortSignal): Promise<Speed> {
  const [height, width, channels] = spec.input;
  const done = busy('measuring'); // drawing the weights of the largest takes seconds
  let inference: Inference;
  try {
    inference = new Inference(networkOf(spec, { height, width, channels, classes: classCount }, 1));
  } finally {
    done();
  }
  try {
    const pixels = new Uint8Array(8 * height * width * channels);
    for (let place = 0; place < pixels.length; place++) pixels[place] = (place * 37) & 255;
    const one = await median(inference, pixels.subarray(0, pixels.length / 8), 1, signal);
    return { one, eight: (await median(inference, pixels, 8, signal)) / 8 };
  } finally {
    inference.dispose();
  }
}

async function median(inference: Inference, pixels: Uint8Array, count: number, signal: AbortSignal): Promise<number> {
  const times: number[] = [];
  let began = performance.now();
  for (let round = 0; round < warmUps + mostRounds; round++) {
    await breathe();
    signal.throwIfAborted();
    if (round === warmUps) began = performance.now();
    if (times.length >= leastRounds && performance.now() - began > longest) break;
    const start = performance.now();
    inference.logits(pixels, count);
    if (round >= warmUps) times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const middle = times.length >> 1;
  const [low = NaN, high = low] = times.length % 2 === 1 ? [times[middle]] : times.slice(middle - 1, middle + 1);
  return (low + high) / 2;
}
