import { stat } from 'node:fs/promises';
import { Option, InvalidArgumentError } from 'commander';
import path from 'node:path';
import type { Engine } from '#contract/engine.ts';
import { explainMethod, type ExplainMethod } from '#contract/explain.ts';
import { AppError } from '#contract/failures.ts';
import { heatColourNames, type HeatColours } from '#contract/heat-colours.ts';
import { photoFit, type PhotoFit } from '#contract/models.ts';
import {
  filmLayouts,
  heatScales,
  usualFilmFit,
  type FilmJob,
  type FilmResult,
  type FilmSettings,
  type FilmSettingsInput,
} from '#contract/video.ts';
import { classNamed } from '../class-named.ts';
import { acts, integer, real, verb, type Verb } from '../options.ts';
import { duration, whole } from '../output.ts';
import { engineWithModel, isModelFile } from '../run-reference.ts';
import { withScratch } from '../scratch.ts';
import type { CommonOptions, Task } from '../task.ts';

interface Options extends CommonOptions {
  readonly model: string;
  readonly out: string;
  readonly method: ExplainMethod;
  readonly layer?: string;
  readonly class?: string;
  readonly fps: number | 'source';
  readonly layout: FilmSettings['layout'];
  readonly colours: HeatColours;
  readonly opacity: number;
  readonly scale: FilmSettings['scale'];
  readonly maximum?: number;
  readonly smoothing: number;
  readonly every: number;
  readonly from?: number;
  readonly to?: number;
  readonly quality: number;
  readonly longest?: number;
  readonly fit: PhotoFit;
  readonly labels: boolean;
  readonly sound: boolean;
  readonly bar?: boolean;
  readonly frames?: string;
}

export const videoVerb: Verb = (surroundings, ended) => {
  const command = verb('video', 'Make a film beside its own heat-map: where a network looks, frame by frame.')
    .argument('<film>', 'whatever ffmpeg reads, or a folder of pictures')
    .requiredOption('--out <mp4>', 'the film made (H.264)')
    .option('--model <model>', 'a run, a model of the zoo, a model file, or the folder of a run', 'efficientnet-lite0')
    .addOption(new Option('--method <name>', 'how').choices(explainMethod.options).default('grad-cam'))
    .option('--layer <name>', 'with a height and a width (default: chosen by itself)')
    .option('--class <class>', 'its index or its name, or top: of each frame the most probable', 'top')
    .option('--fps <rate>', "frames a second, or source: the film's own times", fps, 'source')
    .addOption(new Option('--layout <name>', 'of the film made').choices(filmLayouts).default('side-by-side'))
    .addOption(new Option('--colours <name>', 'of the heat').choices(heatColourNames).default('turbo'))
    .option('--opacity <part>', 'of the heat over the picture', real(0, 1), 0.5)
    .addOption(new Option('--scale <name>', 'what full heat is').choices(heatScales).default('running'))
    .option('--maximum <value>', 'with --scale fixed: the value that is full heat', real(0, Infinity, true))
    .option('--smoothing <part>', 'of the heat over time; 0 = none', real(0, 0.99), 0.6)
    .option('--every <n>', 'ask the network for every n-th frame alone', integer(1, 1000), 1)
    .option('--from <seconds>', 'where to begin', real(0))
    .option('--to <seconds>', 'where to end', real(0))
    .option('--quality <crf>', "x264's constant rate factor; less is better and larger", integer(0, 51), 20)
    .option('--longest <px>', 'of a view; larger films are scaled down (default: 1920)', integer(64, 4096))
    .addOption(
      new Option('--fit <how>', "of a frame into the network's input").choices(photoFit.options).default(usualFilmFit),
    )
    .option('--no-labels', 'leave class and probability out of the picture')
    .option('--no-sound', 'leave the sound out')
    .option('--bar', 'a colour bar beside the picture')
    .option('--frames <file>', 'classes and heat of every frame as .csv or .json');
  return acts<Options>(command, surroundings, ended, async (task, options, [given = '']) => {
    const out = path.resolve(options.out);
    const frames = options.frames === undefined ? null : path.resolve(options.frames);
    await refuseUnwritable([out, ...(frames === null ? [] : [frames])]);
    const { engine, model } = await engineFor(task, options);
    const settings = await settingsFrom(engine, model, options);
    const { films } = await engine.video.openFilms({ paths: [path.resolve(given)] }, { signal: task.signal });
    const [film] = films;
    if (!film) throw new AppError('film/empty', `${given} holds no film.`, { file: given });
    task.atEnd(() => engine.video.closeFilms({ ids: [film.id] }));
    const result = await made(task, engine, film.id, settings);
    task.atEnd(() => engine.video.remove({ result: result.id }));
    const table = frames === null ? {} : { [frames.endsWith('.csv') ? 'csv' : 'json']: frames };
    await engine.video.save({ result: result.id, film: out, ...table }, { signal: task.signal });
    const value = summary(result, options.out);
    return { value, text: () => describe(given, value, result, options.frames) };
  });
};

function fps(text: string): number | 'source' {
  if (text === 'source') return text;
  const rate = Number(text);
  if (text.trim() !== '' && rate > 0 && rate <= 240) return rate;
  throw new InvalidArgumentError('Expected a number above 0 and at most 240, or source.');
}

/** Said before minutes are spent. Fails: `file/not-writable`. */
async function refuseUnwritable(files: readonly string[]): Promise<void> {
  for (const file of files) {
    const folder = await stat(path.dirname(file)).catch(() => null);
    if (folder?.isDirectory() && !(await stat(file).catch(() => null))?.isDirectory()) continue;
    const reason = folder?.isDirectory() ? 'it is a folder' : 'there is no such folder';
    throw new AppError('file/not-writable', `${file} cannot be written: ${reason}.`, { file, reason });
  }
}

/** A model of the zoo needs nobody's project: its films are made in a passing one. */
async function engineFor(task: Task, { model, project }: Options): Promise<{ engine: Engine; model: string }> {
  if (project === undefined && !(await stat(model).catch(() => null)) && !(await isModelFile(model))) {
    const { engine } = await withScratch(task);
    const known = await engine.models.classes({ model }).catch((thrown: unknown) => {
      if (thrown instanceof AppError && ['model/unknown', 'run/unknown'].includes(thrown.code)) return null;
      throw thrown;
    });
    if (known) return { engine, model };
  }
  return engineWithModel(task, model);
}

async function settingsFrom(engine: Engine, model: string, options: Options): Promise<FilmSettingsInput> {
  const { method, layer, layout, colours, opacity, scale, maximum, smoothing, every, from, to } = options;
  const { quality, longest, labels, sound, bar = false, fit, fps: rate } = options;
  const wanted = options.class ?? 'top';
  return {
    ...{ model, method, layout, colours, opacity, scale, smoothing, every, quality, labels, sound, bar, rate },
    class: wanted === 'top' ? 'top' : classNamed(wanted, await engine.models.classes({ model })),
    ...(layer !== undefined && { layer }),
    ...(maximum !== undefined && { maximum }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(longest !== undefined && { longest }),
    ways: { fit },
  };
}

/** Waits for the film; on Ctrl-C until nothing of it is left. */
async function made(task: Task, engine: Engine, film: string, settings: FilmSettingsInput): Promise<FilmResult> {
  const queue = await engine.video.queue();
  const { id } = await engine.video.enqueue({ film, settings }, { signal: task.signal });
  const cancel = () => void engine.video.cancel({ job: id }).catch(() => undefined);
  task.signal.addEventListener('abort', cancel);
  if (task.signal.aborted) cancel();
  try {
    for await (const jobs of queue) {
      const job = jobs.find((each) => each.id === id);
      if (!job) continue;
      if (job.state === 'failed' && job.failure) throw failed(job.failure);
      if (job.state === 'cancelled') break;
      if (job.state === 'done') {
        const result = (await engine.video.results()).find((each) => each.id === job.result);
        if (result) return result;
      }
      show(task, job);
    }
  } finally {
    task.signal.removeEventListener('abort', cancel);
  }
  throw new AppError('call/cancelled', 'The film was cancelled.');
}

const failed = ({ code, message, details }: NonNullable<FilmJob['failure']>) =>
  new AppError(code as AppError['code'], message, details);

function show(task: Task, { state, stage, done, total, framesPerSecond, secondsLeft, latest }: FilmJob): void {
  if (state !== 'running' || stage === undefined) return;
  task.event({ kind: 'progress', stage, done, total, framesPerSecond, secondsLeft });
  const words = { starting: 'starting', 'first-pass': 'looking', frames: 'frame', finishing: 'finishing' };
  if (stage === 'starting' || stage === 'finishing') return task.progress.now(words[stage]);
  const of = total === null ? '' : ` of ${whole(total)}`;
  const left = secondsLeft === null ? '' : ` · ${duration(secondsLeft)} left`;
  const seen = latest?.top[0] ? ` · ${latest.top[0].label}` : '';
  task.progress.now(`${words[stage]} ${whole(done)}${of} · ${whole(framesPerSecond)} frames/s${left}${seen}`);
}

/** `seconds`: what it took, `length`: of the film made. */
function summary({ frames, rate, width, height, took, seconds, audio, notes }: FilmResult, file: string) {
  return {
    frames: frames.out,
    fps: Math.round(rate * 1000) / 1000,
    ...{ width, height },
    seconds: took.whole,
    framesPerSecond: frames.out / took.whole,
    ...{ audio, file, length: seconds, took },
    notes: notes.map(({ kind, details }) => ({ kind, ...details })),
  };
}

function describe(
  film: string,
  { frames, fps: rate, width, height, seconds, framesPerSecond, audio, file }: ReturnType<typeof summary>,
  { model, layer }: FilmResult,
  table: string | undefined,
): string {
  const where = layer === null ? '' : ` at ${layer.name}`;
  const sound = { copied: 'sound kept', 're-encoded': 'sound encoded anew', none: 'no sound' }[audio];
  const size = `${width}×${height}, ${rate} frames/s, ${sound}`;
  const pace = `${duration(seconds)}, ${framesPerSecond.toFixed(1)} frames/s`;
  const files = [file, ...(table === undefined ? [] : [table])].map((each) => `\nwritten: ${each}`).join('');
  return `${film}: ${whole(frames)} frames through ${model}${where} in ${pace}; ${size}${files}`;
}
