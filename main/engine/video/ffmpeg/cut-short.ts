import { AppError } from '#contract/failures.ts';
import type { Reading } from '../stages.ts';
import type { DamageCount } from './damage-count.ts';
import { packetsOf, unreadableFilm } from './ffprobe.ts';
import type { FilmDetails } from './probe.ts';
import type { Ended } from './process.ts';
import type { Tools } from './tools.ts';
import { riffEndsTorn } from './riff-end.ts';
import { transportEndsTorn } from './transport-end.ts';

/** Of a whole file, the part of its frames that may be undecodable before it is called cut short. */
const lossAllowed = 0.05;

export interface Judged {
  readonly reading: Reading;
  readonly details: FilmDetails;
  readonly tools: Tools;
  readonly damage: DamageCount;
  readonly ended: Ended;
  /** How many came, and the last one's seconds. */
  readonly frames: number;
  readonly last: number;
  /** The pipe ended within a frame. */
  readonly torn: boolean;
  readonly signal: AbortSignal;
}

/**
 * Whether all came that should have. ffmpeg's exit status says little: half a transport stream ends with 0. What counts is
 * how many frames the file promises, when it promises to end, how many packets lie in it, and what was said.
 * Fails: `film/cut-short`, `film/unreadable`, `film/empty`.
 */
export async function judge(judged: Judged): Promise<{ damaged: number }> {
  const { reading, details, damage, ended, frames, torn } = judged;
  const { film, from = 0, to } = reading;
  const { facts } = details;
  const partial = from > 0 || to !== undefined;
  if (ended.failed) throw unreadableFilm(film.path, ended.failed.message);
  if (frames === 0 && partial && ended.code === 0) return { damaged: 0 };
  if (frames === 0) {
    if (damage.endsEarly) throw cutShort(film.path, 0, facts.frames ?? 1);
    if (ended.code !== 0) throw unreadableFilm(film.path, ended.tail);
    throw new AppError('film/empty', `${film.path} holds no frame.`, { file: film.path });
  }
  if (torn || ended.code !== 0) throw cutShort(film.path, frames, expectedOf(judged));
  const counted = !partial && facts.frames !== null;
  if (counted && frames >= (facts.frames ?? 0)) return { damaged: damage.frames(0, frames) };
  if ((counted && damage.endsEarly) || (await endsTooEarly(judged)))
    throw cutShort(film.path, frames, expectedOf(judged));
  const lost = counted ? await lostInside(judged) : 0;
  return { damaged: damage.frames(lost, frames) };
}

/** Whether the file's pictures, or the part of them that was asked for, end before they should. */
async function endsTooEarly({ reading, details, damage, tools, signal, last }: Judged): Promise<boolean> {
  const { film, to = Infinity } = reading;
  const { facts, origin, promised } = details;
  if (details.transport) return to === Infinity && (await transportEndsTorn(film.path, details.transport, damage));
  const wanted = Math.min(to, (promised?.end ?? Infinity) - origin);
  // It came up to its end, whatever else is wrong; uneven frames may stand a while.
  if (Number.isFinite(wanted) && last + 1.5 / facts.rate >= wanted) return false;
  if (damage.endsEarly) return true;
  if (!promised) return false;
  if (details.riff) return riffEndsTorn(film.path);
  const packets = await packetsOf(film.path, promised.of === 'file' ? null : details.stream, tools, signal);
  const ends = packets.map(({ time, length }) => time + (length || 1 / facts.rate)).filter(Number.isFinite);
  const end = ends.reduce((latest, each) => Math.max(latest, each), -Infinity);
  // What is counted is exact to half a frame; where only a duration is promised, headers are rounded.
  const slack = facts.frames === null ? Math.max(0.25, 2.5 / facts.rate) : 0.5 / facts.rate;
  return end < Math.min(promised.end, to + origin) - slack;
}

/** Frames that are in the file and did not come out of the decoder. Fails: `film/cut-short` where they are many. */
async function lostInside({ reading, details, frames, tools, signal }: Judged): Promise<number> {
  const { path } = reading.film;
  const packets = await packetsOf(path, details.stream, tools, signal);
  const shown = packets.filter(({ discarded }) => !discarded).length;
  const lost = Math.max(0, shown - frames);
  if (lost > Math.max(2, lossAllowed * shown)) throw cutShort(path, frames, shown);
  return lost;
}

/** As many as the part that was asked for would have had. */
function expectedOf({ reading, details, frames }: Judged): number {
  const { from = 0, to = Infinity } = reading;
  const { facts } = details;
  const seconds = Math.min(to, facts.seconds ?? 0) - from;
  const whole = from === 0 && to === Infinity && facts.frames !== null;
  const expected = whole ? (facts.frames ?? 0) : Math.round(seconds * facts.rate);
  return Math.max(expected, frames + 1);
}

function cutShort(file: string, frames: number, expected: number): AppError {
  const message = `${file} ends too early: ${frames} of ${expected} frames could be read.`;
  return new AppError('film/cut-short', message, { file, frames, expected });
}
