import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { filmSettings, type FilmFrame, type FilmSettingsInput } from '#contract/video.ts';
import { Answers } from '#engine/video/run/answers.ts';
import type { OpenStages, StagesPlan } from '#engine/video/run/film-threads.ts';
import { MadeFiles } from '#engine/video/run/made-files.ts';
import { Passes, type PassParts } from '#engine/video/run/passes.ts';
import type { HeatedFrame, ReadFrame } from '#engine/video/run/thread-words.ts';
import type { FilmProgress } from '#engine/video/stages.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'heatlens-passes-'))));
afterEach(() => rm(folder, { recursive: true }));

/** What went through stand-ins of the network and the threads. */
class Trial {
  readonly graphs: number[] = [];
  readonly composed: HeatedFrame[] = [];
  readonly told: FilmProgress[] = [];
  plan: StagesPlan | null = null;
  ended = 0;
  /** Frames that lie in slots: never more than there are. */
  most = 0;
  readonly #frames: number;
  readonly #lost: number;

  constructor(frames: number, lost = 0) {
    this.#frames = frames;
    this.#lost = lost;
  }

  readonly openStages: OpenStages = (plan) => {
    this.plan = plan;
    let [index, held, out] = [0, 0, 0];
    const stages = {
      next: (): Promise<ReadFrame | null> => {
        if (index === this.#frames) return Promise.resolve(null);
        if (held === plan.slots) throw new Error('No slot is free.');
        this.most = Math.max(this.most, ++held);
        const wanted = index % plan.every === 0 && index / plan.every >= plan.answered;
        const frame = {
          slot: index % plan.slots,
          index,
          seconds: 2 + index / 10,
          input: wanted ? Uint8Array.of(index) : null,
        };
        index++;
        return Promise.resolve(frame);
      },
      compose: (frames: readonly HeatedFrame[]) => {
        this.composed.push(...frames);
        out += frames.length;
        held -= frames.length;
      },
      release: () => void held--,
      finish: () => {
        const write = { frames: out - this.#lost, audio: 'none' as const, compose: 0, encode: 0 };
        return Promise.resolve({ read: { damaged: 0, decode: 0 }, write });
      },
      end: () => Promise.resolve(void this.ended++),
    };
    return stages;
  };

  async run(
    given: Partial<FilmSettingsInput> = {},
    end: (passes: Passes) => Promise<unknown> = (passes) => passes.make(1),
  ) {
    const settings = filmSettings.parse({ model: 'm', scale: 'fixed', maximum: 1, smoothing: 0, ...given });
    const film = { path: 'film.mp4', name: 'film.mp4', size: 1, facts: { sound: [] } };
    const seen = { left: 0, top: 0, width: 1, height: 1 };
    const view = { width: 16, height: 16 };
    const asked = { film, settings, view, changed: 0, revision: 'r' } as never;
    const answers = await Answers.open(folder, asked);
    const files = await MadeFiles.open(folder);
    const network = {
      takesMany: true,
      /** The frame's number is its class, its value its map. */
      ask: (inputs: readonly Uint8Array[], count: number) => {
        this.graphs.push(inputs.length, count);
        const answersOf = inputs.map(([n = 0]) => ({
          ...{ class: n, probability: 1, maximum: 0.5, top: [{ index: n, probability: 1 }] },
          values: Float32Array.of(n / 100),
        }));
        return Promise.resolve({ height: 1, width: 1, answers: answersOf });
      },
    };
    const classes = Array.from({ length: 100 }, (_, at) => ({ label: `class ${at}` }));
    const parts = {
      run: { film, settings, folder },
      view,
      form: {},
      seen,
      classes,
      network,
      answers,
      files,
      total: null,
    };
    const passes = new Passes(
      { ...parts, openStages: this.openStages } as unknown as PassParts,
      (each) => this.told.push(each),
      this.signal,
    );
    try {
      return await end(passes);
    } finally {
      await files.discard();
      await answers.close();
    }
  }

  readonly ending = new AbortController();
  readonly signal = this.ending.signal;
}

test('every frame is composed once, in order, with its own answer; graphs are full but the last', async () => {
  const trial = new Trial(27);
  const end = await trial.run();
  expect(end).toMatchObject({ frames: 27, first: 2, last: 4.6 });
  expect(trial.composed.map(({ label }) => label.name)).toEqual(Array.from({ length: 27 }, (_, n) => `class ${n}`));
  expect(trial.composed.map(({ seconds }) => Number(seconds.toFixed(3)))).toEqual(
    Array.from({ length: 27 }, (_, n) => n / 10),
  );
  expect(trial.composed[20]?.map.values[0]).toBeCloseTo(0.1);
  expect(trial.graphs).toEqual([8, 8, 8, 8, 8, 8, 3, 8]);
  expect(trial.most).toBeLessThanOrEqual(trial.plan?.slots ?? 0);
  expect(trial.ended).toBe(1);
});

test.each([
  { every: 3, frames: 10, classes: [0, 0, 0, 3, 3, 3, 6, 6, 6, 9] },
  { every: 1000, frames: 40, classes: new Array<number>(40).fill(0) },
])('of every $every frames one is asked, the others keep its answer', async ({ every, frames, classes }) => {
  const trial = new Trial(frames);
  await trial.run({ every });
  expect(trial.composed.map(({ label }) => label.name)).toEqual(classes.map((each) => `class ${each}`));
});

test('the same question in another look asks nothing', async () => {
  await new Trial(20).run();
  const again = new Trial(20);
  await again.run({ colours: 'jet', opacity: 1 });
  expect(again.graphs).toEqual([]);
  expect(again.composed.map(({ label }) => label.name)).toEqual(Array.from({ length: 20 }, (_, n) => `class ${n}`));
});

test('a run that broke off goes on where it was', async () => {
  const broken = new Trial(20);
  const asked = broken.graphs.push.bind(broken.graphs);
  broken.graphs.push = (...numbers) => {
    if (broken.graphs.length === 2) broken.ending.abort();
    return asked(...numbers);
  };
  await expect(broken.run()).rejects.toThrow();
  const again = new Trial(20);
  await again.run();
  expect(again.plan?.answered).toBe(8);
  expect(again.graphs).toEqual([4, 8, 8, 8]); // eight that are known fill the first batch
  expect(again.composed.map(({ label }) => label.name)).toEqual(Array.from({ length: 20 }, (_, n) => `class ${n}`));
});

test('a first pass asks, composes nothing, and gives its slots back', async () => {
  const trial = new Trial(100);
  await trial.run({}, (passes) => passes.ask());
  expect(trial.plan?.making).toBeUndefined();
  expect(trial.composed).toEqual([]);
  expect(trial.graphs.length).toBe(2 * 13);
});

test('frames that are lost in the encoder fail the film', async () => {
  await expect(new Trial(9, 1).run()).rejects.toMatchObject({ code: 'film/encoder' });
});

test('a film without a frame is said to be one', async () => {
  await expect(new Trial(0).run()).rejects.toMatchObject({ code: 'film/empty' });
});

test('rows and maps are written frame by frame, and nothing is left when they are discarded', async () => {
  const files = await MadeFiles.open(folder);
  const frame: FilmFrame = { frame: 0, seconds: 0, top: [], class: 0, probability: 1, maximum: 1, centre: null };
  const map = { height: 64, width: 64, values: new Float32Array(64 * 64).fill(0.5) };
  await files.add([
    { frame, map },
    { frame: { ...frame, frame: 1 }, map },
  ]);
  expect(files.size).toEqual({ height: 32, width: 32 });
  await writeFile(files.film, 'film');
  expect(await files.settle()).toBe(4);
  expect((await readdir(folder)).sort()).toEqual(['frames.jsonl', 'heat.mp4', 'maps.f32']);
  const lines = (await readFile(join(folder, 'frames.jsonl'), 'utf8')).trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as FilmFrame).frame)).toEqual([0, 1]);
  expect((await stat(join(folder, 'maps.f32'))).size).toBe(2 * 32 * 32 * 4);
  const left = await MadeFiles.open(folder);
  await left.discard();
  expect((await readdir(folder)).length).toBe(3);
});
