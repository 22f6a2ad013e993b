import type { ProbedPacket, ProbedStream } from './ffprobe.ts';

/** Seconds by which steps may differ and still be even: containers round stamps to a millisecond. */
const rounding = 0.0021;

/** Mean rate, and whether frames come at uneven times. @param packets the first of the stream, as they lie in the file */
export function evenness(
  packets: readonly ProbedPacket[],
  stream: Pick<ProbedStream, 'avg_frame_rate' | 'r_frame_rate'>,
): { readonly rate: number; readonly variable: boolean } {
  const times = packets.filter(({ time, discarded }) => !discarded && Number.isFinite(time)).map(({ time }) => time);
  times.sort((a, b) => a - b);
  // The last that were read may have frames between them that come later in the file.
  const settled = times.length > 64 ? times.slice(0, -32) : times;
  const steps = settled.slice(1).map((time, i) => time - (settled[i] ?? time));
  // Muxers shift the first frame alone, for sound that begins before it.
  const later = steps.length > 2 ? steps.slice(1) : steps;
  const [shortest, longest] = [Math.min(...later), Math.max(...later)];
  const span = (settled.at(-1) ?? 0) - (settled[0] ?? 0);
  const measured = span > 0 ? steps.length / span : undefined;
  const [mean, finest] = [ratio(stream.avg_frame_rate), ratio(stream.r_frame_rate)];
  const differ = mean !== undefined && finest !== undefined && Math.abs(finest / mean - 1) > 0.01;
  const uneven = steps.length > 1 && longest - shortest > rounding;
  return { rate: mean ?? measured ?? finest ?? 25, variable: uneven || (differ && steps.length > 399) };
}

/** `30000/1001`; undefined of `0/0`. Rates past 1,000 are a clock's, not a film's. */
function ratio(text: string | undefined): number | undefined {
  const [above = 0, below = 1] = (text ?? '').split('/').map(Number);
  const value = above / below;
  return Number.isFinite(value) && value > 0 && value <= 1000 ? value : undefined;
}
