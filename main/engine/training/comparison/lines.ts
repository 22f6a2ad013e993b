import type { ComparedLine } from '#contract/comparison.ts';
import type { BatchRecord, EpochRecord } from '#contract/training.ts';
import { figuresOf } from './figures.ts';

/** The figure of every epoch that has it, where the epoch ends. Null without any. */
export function epochLine(
  history: readonly EpochRecord[],
  figure: string,
  stepsPerEpoch: number,
  most: number,
): ComparedLine | null {
  const line = emptyLine();
  let seconds = 0;
  for (const record of history) {
    seconds += record.seconds;
    put(line, record.epoch * stepsPerEpoch, record.epoch, seconds, figuresOf(record).get(figure));
  }
  return finished(line, most);
}

/**
 * A figure of every batch. When a batch ended is told from its epoch's time; of an epoch that has not ended, from the one
 * before it.
 */
export function batchLine(
  batches: readonly BatchRecord[],
  history: readonly EpochRecord[],
  figure: 'loss' | 'accuracy',
  most: number,
): ComparedLine | null {
  const begins = new Map<number, { at: number; seconds: number }>();
  let end = 0;
  let usual = 0;
  for (const { epoch, seconds } of history) {
    begins.set(epoch, { at: end, seconds });
    end += seconds;
    usual = seconds;
  }
  const line = emptyLine();
  for (const { step, epoch, batch, batches: all, ...values } of batches) {
    const own = begins.get(epoch) ?? { at: end, seconds: usual };
    const part = batch / all;
    put(line, step, epoch - 1 + part, own.at + part * own.seconds, values[figure]);
  }
  return finished(line, most);
}

type Line = Required<Pick<ComparedLine, 'step' | 'epoch' | 'seconds' | 'value'>>;

const emptyLine = (): Line => ({ step: [], epoch: [], seconds: [], value: [] });

/** What is not finite has no place on a chart. */
function put(line: Line, step: number, epoch: number, seconds: number, value: number | undefined): void {
  if (value === undefined || !Number.isFinite(value)) return;
  line.step.push(step);
  line.epoch.push(epoch);
  line.seconds.push(seconds);
  line.value.push(value);
}

/** At most so many points: stretches of points become one, with their mean at their end, their lowest and highest. */
function finished(line: Line, most: number): ComparedLine | null {
  const { length } = line.value;
  if (length === 0) return null;
  if (length <= most) return line;
  const short = { ...emptyLine(), low: [] as number[], high: [] as number[] };
  for (let stretch = 0; stretch < most; stretch++) {
    const from = Math.floor((stretch * length) / most);
    const to = Math.floor(((stretch + 1) * length) / most);
    let [sum, low, high] = [0, Infinity, -Infinity];
    for (let place = from; place < to; place++) {
      const value = line.value[place] ?? 0;
      sum += value;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    put(short, line.step[to - 1] ?? 0, line.epoch[to - 1] ?? 0, line.seconds[to - 1] ?? 0, sum / (to - from));
    short.low.push(low);
    short.high.push(high);
  }
  return short;
}
