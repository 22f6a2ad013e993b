import { stat } from 'node:fs/promises';
import { AppError } from '#contract/failures.ts';
import type { Reading } from '../stages.ts';
import { packetsOf, unreadableFilm } from './ffprobe.ts';
import type { FilmDetails } from './probe.ts';
import type { Ended } from './process.ts';
import type { Tools } from './tools.ts';

/** Of a whole file, the part of its frames that may be undecodable before it is called cut short. */
const lossAllowed = 0.05;
/** Bytes of an MPEG transport packet. */
const transportPacket = 188;

/** What ffmpeg says of damage while it decodes. */
export class DamageCount {
  #errors = 0;
  #concealed = 0;
  #endsEarly = false;

  hear(line: string): void {
    // H.264 and its kind say once a frame that they made something up.
    if (/concealing \d+ DC/.test(line)) this.#concealed++;
    if (/partial file|ended prematurely|truncat|unexpected end of file/i.test(line)) this.#endsEarly = true;
    if (/\[(error|fatal|panic)\]/.test(line) && !/Error (parsing|submitting) .*(option|attachment)/.test(line))
      this.#errors++;
  }

  /** The demuxer met the end of the file where there should have been more. */
  get endsEarly(): boolean {
    return this.#endsEarly;
  }

  /** Frames that are not as they were. */
  frames(lost: number, all: number): number {
    return Math.min(all, Math.max(lost, this.#concealed > 0 ? this.#concealed : this.#errors));
  }
}

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
 * how many frames the file promises, how many packets lie in it, and what was said.
 * Fails: `film/cut-short`, `film/unreadable`, `film/empty`.
 */
export async function judge(judged: Judged): Promise<{ damaged: number }> {
  const { reading, details, damage, ended, frames, torn } = judged;
  const { film, rate, from = 0, to } = reading;
  const { facts } = details;
  const partial = from > 0 || to !== undefined;
  if (ended.failed) throw unreadableFilm(film.path, ended.failed.message);
  if (frames === 0 && partial) {
    const problem = `no frame lies between ${from} s and ${to === undefined ? 'the end' : `${to} s`}`;
    throw new AppError('film/settings', `${film.path}: ${problem}.`, { problem });
  }
  if (frames === 0) {
    if (damage.endsEarly) throw cutShort(film.path, 0, facts.frames ?? 1);
    throw ended.code === 0
      ? new AppError('film/empty', `${film.path} holds no frame.`, { file: film.path })
      : unreadableFilm(film.path, ended.tail);
  }
  if (torn || ended.code !== 0) throw cutShort(film.path, frames, expectedOf(judged));
  // Of a part of the film, only its own end can be missed; and of a part that ends sooner, nothing.
  const reaches = to === undefined || (facts.seconds !== null && to >= facts.seconds - 0.001);
  if (!reaches) {
    const short = (to ?? 0) - judged.last > Math.max(1, 5 / facts.rate) && (await endsBefore(judged));
    if (short) throw cutShort(film.path, frames, expectedOf(judged));
    return { damaged: damage.frames(0, frames) };
  }
  const whole = !partial && rate === 'source';
  if (whole && facts.frames !== null && frames >= facts.frames && !damage.endsEarly)
    return { damaged: damage.frames(0, frames) };
  const lost = await missing(judged, whole);
  return { damaged: damage.frames(lost, frames) };
}

/** Frames that are in the file and did not come out. Fails: `film/cut-short`. */
async function missing(judged: Judged, whole: boolean): Promise<number> {
  const { reading, details, damage, frames, tools, signal } = judged;
  const path = reading.film.path;
  const { facts } = details;
  if (await endsBefore(judged)) throw cutShort(path, frames, expectedOf(judged));
  if (!whole || (facts.frames === null && !damage.endsEarly)) return 0;
  const packets = (await packetsOf(path, details.stream, tools, signal)).filter(({ discarded }) => !discarded);
  const lost = Math.max(0, packets.length - frames);
  if (lost > Math.max(2, lossAllowed * packets.length)) throw cutShort(path, frames, packets.length);
  return lost;
}

/** Whether the file's pictures end before they should, by what its header promises. */
async function endsBefore({ reading, details, damage, tools, signal }: Judged): Promise<boolean> {
  const { facts, container, streamSeconds, origin } = details;
  const path = reading.film.path;
  if (container === 'mpegts') {
    // Nothing in it says how long it is; but it is made of whole packets.
    const { size } = await stat(path);
    if (size % transportPacket !== 0 && size % 192 !== 0 && size % 204 !== 0) return true;
    return damage.endsEarly;
  }
  const promised = streamSeconds ?? (facts.sound.length === 0 ? facts.seconds : null);
  if (promised === null || facts.codec === 'gif') return damage.endsEarly;
  const packets = await packetsOf(path, details.stream, tools, signal);
  if (facts.frames !== null && packets.length >= facts.frames) return false;
  const ends = packets.reduce((end, { time, length }) => Math.max(end, time + (length || 1 / facts.rate)), origin);
  // Half a frame for what is counted exactly; where only a duration is promised, headers are rounded.
  const slack = facts.frames === null ? Math.max(0.25, 2.5 / facts.rate) : 0.5 / facts.rate;
  return ends - origin < promised - slack;
}

/** As many as the part that was asked for would have had. */
function expectedOf({ reading, details, frames }: Judged): number {
  const { rate, from = 0, to = Infinity } = reading;
  const { facts } = details;
  const seconds = Math.min(to, facts.seconds ?? 0) - from;
  const whole = from === 0 && to === Infinity && rate === 'source' && facts.frames !== null;
  const expected = whole ? (facts.frames ?? 0) : Math.round(seconds * (rate === 'source' ? facts.rate : rate));
  return Math.max(expected, frames + 1);
}

function cutShort(file: string, frames: number, expected: number): AppError {
  const message = `${file} ends too early: ${frames} of ${expected} frames could be read.`;
  return new AppError('film/cut-short', message, { file, frames, expected });
}
