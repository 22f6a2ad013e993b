import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { filmSettings, type Film, type FilmSettings } from '#contract/video.ts';
import { networkOf } from '#engine/model/network.ts';
import { ZooShelf } from '#engine/model/zoo/shelf.ts';
import { frameForm, frameInput } from '#engine/predict/frame-input.ts';
import { Inference } from '#engine/predict/inference.ts';
import type { OpenModel } from '#engine/predict/models.ts';
import { openWriter } from '#engine/video/ffmpeg/open-writer.ts';
import { probeFilm } from '#engine/video/ffmpeg/probe.ts';
import { readFrames } from '#engine/video/ffmpeg/read-frames.ts';
import { Composer } from '#engine/video/run/composer.ts';
import { FilmNetwork } from '#engine/video/run/film-network.ts';
import { StandbyThreads } from '#engine/video/run/standby-threads.ts';
import { HeatOverTime } from '#engine/video/run/heat-over-time.ts';
import { barStamp, Labels } from '#engine/video/run/label.ts';
import { filmRunner } from '#engine/video/run/run-film.ts';
import { wholeSize } from '#engine/video/run/sizes.ts';
import type { Frame, FrameSize } from '#engine/video/stages.ts';
import type { Job } from './job.ts';
import type { Side } from './talk.ts';

// A film through a network: as the app makes it, and each of its stages alone.

/** Frames in one graph, as the app has it. */
const together = 8;
const never = new AbortController().signal;

/** The threads' programs, of the app's build. */
const built = (name: string) => fileURLToPath(new URL(`../main/film-${name}.cjs`, import.meta.url));

/** The whole of it. Every round asks anew. */
export async function filming(job: Job): Promise<Side> {
  const { film, models, settings } = await prepared(job);
  const standby = new StandbyThreads(built);
  const run = filmRunner({ models, predictor: { learnedOnDark: () => Promise.resolve(false) }, standby });
  const once = async () => {
    const folder = await mkdtemp(join(job.folder ?? '', 'film-'));
    await mkdir(join(folder, 'answers'));
    const before = children();
    try {
      const made = await run({ film, settings, folder, answers: join(folder, 'answers') }, () => undefined, never);
      if (made.frames.out !== job.steps) throw new Error(`${made.frames.out} of ${job.steps} frames came out.`);
    } finally {
      await rm(folder, { recursive: true });
    }
    return { more: children() - before };
  };
  return { facts: { film: film.name }, round: once };
}

/**
 * The least time that a machine of so many cores could take: what the slowest stage takes alone, or the processor time of
 * decoding, network and encoding, each alone, shared among the cores; whichever is more.
 */
export async function filmStages(job: Job): Promise<Side> {
  const { film, open, settings } = await prepared(job);
  const size = { width: film.facts.width, height: film.facts.height };
  const network = new FilmNetwork(open, settings);
  const form = frameForm(open.known, {}, false);
  const frames: Frame[] = [];
  for await (const frame of readFrames({ film, size, rate: 'source' }, never)) frames.push(frame);
  const prepare = (frame: Frame) => frameInput({ ...size, channels: 3, pixels: frame.pixels }, form);
  const composed = await composedFrames(frames, size, await Promise.all(frames.map(prepare)), network, open, settings);
  const decode = async () => {
    for await (const _ of readFrames({ film, size, rate: 'source' }, never));
  };
  const ask = async () => {
    for (let from = 0; from < frames.length; from += together) {
      const inputs = await Promise.all(frames.slice(from, from + together).map(prepare));
      await network.ask(inputs, together, never);
      await breathe();
    }
  };
  const encode = async () => {
    const path = join(job.folder ?? '', 'alone.mp4');
    const writing = {
      path,
      size: wholeSize(size, settings),
      rate: 'stamps' as const,
      quality: settings.quality,
      sound: null,
    };
    const writer = await openWriter(writing, never);
    for (const [at, pixels] of composed.entries()) await writer.write(pixels, frames[at]?.seconds ?? at);
    await writer.finish();
  };
  const facts: Record<string, string> = {};
  const round = async () => {
    let [slowest, processor] = [0, 0];
    for (const [name, stage] of Object.entries({ decode, network: ask, encode })) {
      const spent = await measured(stage);
      slowest = Math.max(slowest, spent.seconds);
      processor += spent.processor;
      facts[name] = `${spent.seconds.toFixed(2)} s, ${spent.processor.toFixed(2)} s of processor`;
    }
    const seconds = Math.max(slowest, processor / availableParallelism());
    process.stderr.write(`${JSON.stringify({ ...facts, bound: seconds })}\n`);
    return { seconds };
  };
  return { facts, round };
}

/** Frames as the app composes them: what an encoder has to do depends on what moves in them. */
async function composedFrames(
  frames: readonly Frame[],
  view: FrameSize,
  inputs: readonly Uint8Array[],
  network: FilmNetwork,
  { classes }: OpenModel,
  settings: FilmSettings,
): Promise<Uint8Array[]> {
  const bar = await barStamp(view, settings.colours);
  const composer = new Composer({ view, look: settings, seen: { left: 0, top: 0, width: 1, height: 1 }, bar });
  const [labels, overTime] = [new Labels(view), new HeatOverTime(settings)];
  const composed: Uint8Array[] = [];
  for (let from = 0; from < frames.length; from += together) {
    const { answers, ...map } = await network.ask(inputs.slice(from, from + together), together, never);
    for (const [place, { pixels, ...frame }] of frames.slice(from, from + together).entries()) {
      const answer = answers[place];
      if (!answer) throw new Error('A frame has no answer.');
      const { class: index, probability, maximum } = answer;
      const heat = { ...frame, frame: frame.index, top: [], class: index, probability, maximum, centre: null };
      const values = overTime.next({ frame: heat, ...map, values: answer.values });
      const into = new Uint8Array(composer.size.width * composer.size.height * 3);
      const label = await labels.of(classes[index]?.label ?? String(index), probability);
      composer.compose(pixels, { ...map, values }, into, label);
      composed.push(into);
    }
  }
  return composed;
}

async function prepared(job: Job) {
  const film = await filmFor(job);
  const settings = filmSettings.parse({ model: job.preset });
  const shelf = new ZooShelf();
  const known = shelf.known(job.preset);
  if (!known) throw new Error(`${job.preset} is not on this machine.`);
  const { spec, classes, weights, pixels } = await shelf.portable(job.preset);
  const { height, width, channels } = known;
  const inference = new Inference(
    networkOf(spec, { height, width, channels, classes: classes.length }, 0, pixels, weights),
  );
  const open: OpenModel = { known, classes, network: inference.network, inference };
  return {
    film,
    settings,
    open,
    models: { use: async <T>(_: string, work: (open: OpenModel) => T | Promise<T>) => work(open) },
  };
}

/** The film of the case; where it does not lie on this machine, one as large and as long with as much in motion. */
async function filmFor({ film: named, folder = '', steps }: Job): Promise<Film> {
  const there = named !== undefined && existsSync(named) && steps === 250;
  const path = there ? named : join(folder, `film-${steps}.mp4`);
  if (!existsSync(path)) {
    const source =
      named !== undefined && existsSync(named)
        ? ['-i', named]
        : ['-f', 'lavfi', '-i', 'mandelbrot=size=640x272:rate=25'];
    const words = [
      '-v',
      'error',
      ...source,
      '-frames:v',
      String(steps),
      '-pix_fmt',
      'yuv420p',
      '-c:v',
      'libx264',
      '-an',
      path,
    ];
    await promisify(execFile)('ffmpeg', words);
  }
  const { size } = await stat(path);
  const facts = await probeFilm(path, never);
  return { id: 'film', name: path.split('/').at(-1) ?? '', path, size, opened: '', facts };
}

/** Wall time, and that of all processors: ours and that of programs that ended meanwhile. */
async function measured(work: () => Promise<void>): Promise<{ seconds: number; processor: number }> {
  const [before, own, started] = [children(), process.cpuUsage(), performance.now()];
  await work();
  const { user, system } = process.cpuUsage(own);
  return { seconds: (performance.now() - started) / 1000, processor: (user + system) / 1e6 + children() - before };
}

/** Seconds of programs that ended and were waited for: cutime and cstime of proc(5), in hundredths; elsewhere unknown. */
function children(): number {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[13]) + Number(fields[14])) / 100;
  } catch {
    return 0;
  }
}
