import type { Film } from '#contract/video.ts';
import { probeFilm } from '#engine/video/ffmpeg/probe.ts';
import { readFrames } from '#engine/video/ffmpeg/read-frames.ts';
import type { Frame, Reading } from '#engine/video/stages.ts';

const { signal } = new AbortController();

export async function openedFilm(path: string): Promise<Film> {
  const facts = await probeFilm(path, signal);
  return { id: 'film', name: 'film', path, size: 1, opened: '2026-11-21T12:00:00Z', facts };
}

/** All at once: films of tests are small. */
export async function allFrames(
  film: Film,
  part: Partial<Pick<Reading, 'rate' | 'from' | 'to' | 'size'>> = {},
): Promise<{ frames: Frame[]; damaged: number }> {
  const { width, height } = film.facts;
  const reading = readFrames({ film, size: { width, height }, rate: 'source', ...part }, signal);
  const frames: Frame[] = [];
  for (;;) {
    const next = await reading.next();
    if (next.done) return { frames, damaged: next.value.damaged };
    frames.push(next.value);
  }
}

/** In the middles of the quarters: top left, top right, bottom left, bottom right. */
export function quartersOf({ pixels }: Frame, { width, height }: { width: number; height: number }): number[][] {
  const at = (x: number, y: number) => {
    const place = 3 * (Math.floor(y * height) * width + Math.floor(x * width));
    return [...pixels.subarray(place, place + 3)];
  };
  return [at(0.25, 0.25), at(0.75, 0.25), at(0.25, 0.75), at(0.75, 0.75)];
}

/** The largest difference of any channel of any quarter. */
export function furthest(found: number[][], wanted: readonly (readonly number[])[]): number {
  const differences = found.flatMap((colour, quarter) =>
    colour.map((value, channel) => Math.abs(value - (wanted[quarter]?.[channel] ?? 0))),
  );
  return Math.max(...differences);
}
