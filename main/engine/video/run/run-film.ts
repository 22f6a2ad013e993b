import { stat } from 'node:fs/promises';
import { filmLabel } from '#contract/engine-process.ts';
import type { FilmNote } from '#contract/video.ts';
import { frameForm, framePlace } from '#engine/predict/frame-input.ts';
import type { OpenModel } from '#engine/predict/models.ts';
import { fileFailure } from '#engine/project/file-failure.ts';
import { busy } from '#engine/pulse.ts';
import type { FilmMade, FilmProgress, FilmRun, RunFilm } from '../stages.ts';
import { knownFilm } from '../ffmpeg/probe.ts';
import { findTools } from '../ffmpeg/tools.ts';
import { Answers } from './answers.ts';
import { checkSettings, framesExpected } from './check-settings.ts';
import { FilmNetwork } from './film-network.ts';
import { FilmThreads, type OpenStages } from './film-threads.ts';
import { seenPart, type FrameParts } from './frame.ts';
import { MadeFiles } from './made-files.ts';
import { Passes, type PassEnd } from './passes.ts';
import { viewSize, wholeSize } from './sizes.ts';
import { StandbyThreads } from './standby-threads.ts';

export interface RunParts extends FrameParts {
  /** Threads of their own unless a test says otherwise. */
  readonly openStages?: OpenStages;
  readonly standby?: StandbyThreads;
}

type Tell = (progress: FilmProgress) => void;

/** Films through networks, one at a time. */
export function filmRunner(parts: RunParts): RunFilm {
  const { standby = new StandbyThreads() } = parts;
  return async (run, tell, signal) => {
    const done = busy(filmLabel);
    try {
      signal.throwIfAborted();
      checkSettings(run.film, run.settings);
      if (!parts.openStages) standby.prepare(); // they start while the model is read
      tell({ stage: 'starting', done: 0, total: null, framesPerSecond: 0, secondsLeft: null, latest: null });
      const { model, ways } = run.settings;
      return await parts.models.use(
        model,
        (open) => throughNetwork(open, run, { ...parts, standby }, tell, signal),
        ways.pixels,
      );
    } finally {
      done();
    }
  };
}

async function throughNetwork(
  open: OpenModel,
  run: FilmRun,
  { predictor, standby, openStages: given }: RunParts & { standby: StandbyThreads },
  tell: Tell,
  signal: AbortSignal,
): Promise<FilmMade> {
  const { film, settings } = run;
  const started = performance.now();
  // Threads look for nothing themselves: what they would ask could outlive them.
  const [tools, known] = await Promise.all([findTools(), knownFilm(film.path, signal)]);
  const openStages: OpenStages = given ?? ((plan, written) => new FilmThreads(plan, written, tools, standby));
  const view = viewSize(film.facts, settings.longest);
  const form = frameForm(open.known, settings.ways, await predictor.learnedOnDark(open.known));
  const seen = seenPart(framePlace(view, form));
  const network = new FilmNetwork(open, settings);
  const { mtimeMs: changed } = await stat(film.path).catch((thrown: unknown) => {
    throw fileFailure(thrown, film.path, 'reading');
  });
  const answers = await Answers.open(run.answers, { film, settings, view, changed, revision: open.known.revision });
  const files = await MadeFiles.open(run.folder).catch(async (thrown: unknown) => {
    await answers.close();
    throw thrown;
  });
  try {
    const total = framesExpected(film, settings);
    const parts = { run, known, view, form, seen, classes: open.classes, network, answers, files, total, openStages };
    const passes = new Passes(parts, tell, signal);
    const whole = settings.scale === 'two-pass';
    if (whole && !answers.whole) await passes.ask();
    const end = await passes.make(whole ? await answers.largest() : settings.maximum);
    signal.throwIfAborted();
    const bytes = await files.settle();
    const { layer } = network;
    const took = {
      ...{ whole: (performance.now() - started) / 1000, network: network.took / 1000, decode: end.read.decode },
      ...{ compose: end.write?.compose ?? 0, encode: end.write?.encode ?? 0 },
    };
    return {
      ...{ model: open.known.name, layer, seen, took, bytes, maps: files.size },
      ...wholeSize(view, settings),
      ...lengthOf(run, end),
      frames: { in: end.frames, out: end.write?.frames ?? 0 },
      audio: end.write?.audio ?? 'none',
      notes: notesOf(run, end, view),
    };
  } catch (thrown) {
    await files.discard();
    signal.throwIfAborted();
    throw thrown;
  } finally {
    await answers.close();
  }
}

/** The last frame is shown as long as one is on the mean. */
function lengthOf({ film, settings: { rate } }: FilmRun, { frames, first, last }: PassEnd) {
  if (rate !== 'source') return { rate, seconds: frames / rate };
  const mean = frames > 1 && last > first ? (frames - 1) / (last - first) : film.facts.rate;
  return { rate: mean, seconds: last - first + 1 / mean };
}

/** What is known of the film before, and what only the run shows. */
function notesOf({ film, settings }: FilmRun, { read, write }: PassEnd, view: { width: number; height: number }) {
  const notes: FilmNote[] = film.facts.notes.filter(({ kind }) => !['scaled-down', 'damaged-frames'].includes(kind));
  if (view.width < film.facts.width - 1) notes.push({ kind: 'scaled-down', details: { ...view } });
  if (read.damaged > 0) notes.push({ kind: 'damaged-frames', details: { frames: read.damaged } });
  if (write?.audio === 're-encoded') notes.push({ kind: 'sound-re-encoded', details: {} });
  if (!settings.sound && film.facts.sound.length > 0) notes.push({ kind: 'sound-left-out', details: {} });
  return notes;
}
