import type { ComparisonTable } from '#contract/comparison.ts';
import type { InputWays } from '#contract/prediction.ts';
import type { EvaluationReport } from '#contract/evaluation.ts';
import type { EpochRecord, RunDetail, SweepAxis, TrainingSettings } from '#contract/training.ts';
import { AppError } from '#contract/failures.ts';
import { main } from '#cli/main.ts';
import type { ConnectOptions } from '#cli/session.ts';
import { fakeDataCalls, type AskedOfData } from './fake-data-calls.ts';

/** The engine's answers that the command line needs, and what it was asked. */
export function fakeEngine() {
  const asked: {
    start?: TrainingSettings;
    axes?: SweepAxis[];
    continued?: string;
    stopped?: boolean;
    allStopped: string[];
    model?: string;
    ways?: InputWays;
  } & AskedOfData = { allStopped: [] };
  const record = (epoch: number): EpochRecord => ({
    epoch,
    loss: 1 / epoch,
    accuracy: 0.9,
    ...(epoch === 2 ? { valLoss: 0.5, valAccuracy: 0.8 } : {}),
    learningRate: 1e-3,
    seconds: 2,
    imagesPerSecond: 1480.4,
    tensors: 10,
    memory: 1e8,
  });
  const detail = (settings: TrainingSettings) =>
    ({
      id: 'r1',
      name: 'r1',
      state: 'done',
      created: '2026-11-21T04:00:00Z',
      settings,
      epochsDone: 2,
      history: [record(1), record(2)],
      test: { count: 100, loss: 0.2, accuracy: 0.95 },
      folder: import.meta.dirname,
    }) as unknown as RunDetail;
  const report = {
    run: 'r1',
    count: 3,
    loss: 0.1,
    accuracy: 2 / 3,
    perClass: [{ class: '0', precision: 1, recall: 0.5, f1: 2 / 3, support: 3 }],
    macro: { precision: 1, recall: 0.5, f1: 2 / 3 },
    weighted: { precision: 1, recall: 0.5, f1: 2 / 3 },
    confusion: { classes: 1, cells: [[0, 0, 3]] },
    mostIncorrect: [{ index: 1, true: 0, predicted: 1, probability: 0.9, trueProbability: 0.1, loss: 2.3 }],
  } as unknown as EvaluationReport;
  const checkpoint = { epoch: 2, batch: 17, step: 34, written: '2026-11-21T04:00:00Z' };
  const swept = [
    { id: 's1', sweep: { id: 's', values: { batchSize: 32 } }, test: { count: 9, loss: 0.3, accuracy: 0.91 } },
    { id: 's2', sweep: { id: 's', values: { batchSize: 64 } }, test: { count: 9, loss: 0.1, accuracy: 0.97 } },
  ];
  const preflight = {
    ...{ images: 60_000, batches: 469, parameters: 1_199_882, stepSeconds: 0.05, estimate: 240, loss: 2.31 },
    memory: { weights: 5e6, slots: 1e7, gradients: 5e6, activations: 2e7, free: 4e9 },
    ...{ advisedBatchSize: 256, steps: { compiled: true }, warnings: ['tiny-data'] },
  };
  const engine = {
    engine: {
      status: () => ({
        backend: 'tensorflow',
        version: '2.21.0',
        device: { kind: 'cpu', name: 'A processor' },
        memory: { resident: 2 ** 30, tensors: 0, tensorBytes: 0, total: 2 ** 34 },
        compiled: true,
        trains: 'everything',
        notes: [{ code: 'no-nvidia-driver', details: {}, message: 'No NVIDIA driver was found.' }],
      }),
    },
    data: fakeDataCalls(asked),
    model: {
      presets: () => [
        {
          id: 'mnist-cnn',
          name: 'CNN',
          input: [28, 28, 1],
          parameters: 1_199_882,
          source: 'a book',
          preprocessing: 'none',
        },
      ],
    },
    training: {
      start: (settings: TrainingSettings) => ({ ...detail((asked.start = settings)), state: 'preparing' }),
      watch: async function* () {
        yield { kind: 'epoch', record: record(1) };
        if (asked.start?.name === 'endless') await new Promise<void>((resolve) => (stop = resolve));
        yield { kind: 'epoch', record: record(2) };
      },
      stop: ({ run }: { run: string }) => {
        asked.allStopped.push(run);
        asked.stopped = true;
        stop();
      },
      continue: ({ run }: { run: string }) => {
        asked.continued = run;
        return { ...detail({} as TrainingSettings), state: 'preparing', settings: { epochs: 10 }, checkpoint };
      },
      preflight: (settings: TrainingSettings) => {
        asked.start = settings;
        return preflight;
      },
      sweep: ({ settings, axes }: { settings: TrainingSettings; axes: SweepAxis[] }) => {
        asked.start = settings;
        asked.axes = axes;
        return swept.map((run) => ({ ...detail(settings), ...run, state: 'queued' }));
      },
      run: ({ run }: { run: string }) => {
        const one = swept.find(({ id }) => id === run);
        if (one) return { ...detail(asked.start ?? ({} as TrainingSettings)), ...one };
        if (run !== 'r1') throw new AppError('run/unknown', 'log words', { run });
        const settings = asked.start ?? ({ dataset: 'mnist', preset: 'mnist-cnn' } as TrainingSettings);
        return { ...detail(settings), ...(settings.name === 'endless' ? { state: 'stopped', checkpoint } : {}) };
      },
      runs: () => [detail({ dataset: 'mnist', preset: 'mnist-cnn' } as TrainingSettings)],
    },
    comparison: {
      table: ({ runs }: { runs: string[] }) => comparisonOf(runs),
    },
    evaluation: {
      calibration: () => ({ confidence: 0.9, brier: 0.1, equalWidth: { expectedError: 0.05, maximumError: 0.3 } }),
      measure: async function* () {
        yield { done: 1, total: 3, secondsLeft: 1 };
        return report;
      },
    },
    models: {
      classes: ({ model }: { model: string }) => {
        asked.model = model;
        if (model === 'nobody') throw new AppError('model/unknown', 'log words', { model });
        return [];
      },
    },
    prediction: {
      picture: ({ picture, ways }: { picture: { path: string }; ways: InputWays }) => {
        asked.ways = ways;
        if (picture.path.endsWith('torn.png'))
          throw new AppError('image/unreadable', 'It is torn.', { file: 'torn.png' });
        return {
          top: [{ index: 7, label: 'seven', probability: 0.99 }],
          softmax: [0.99],
          place: { how: 'as it is' },
          milliseconds: { whole: 3, network: 1 },
        };
      },
    },
  };
  let stop: () => void = () => undefined;
  return { engine, asked };
}

/** Each run is better than the one before it. */
const comparisonOf = (runs: readonly string[]): ComparisonTable => ({
  runs: runs.map((run, place) => ({
    ...{ run, final: { loss: 0.5 }, seconds: 90, secondsPerEpoch: 30, size: 5e6 },
    best: { valAccuracy: { value: 0.5 + place / 100, epoch: 2 } },
  })),
  settings: [
    { path: 'preset', values: runs.map(() => 'CNN'), differs: false },
    { path: 'batchSize', values: runs.map((_, place) => 32 * (place + 1)), differs: runs.length > 1 },
  ],
});

/** One command line against the fake engine. */
export async function heatlens(args: string, { tty = false, signal = new AbortController().signal } = {}) {
  const { engine, asked } = fakeEngine();
  const connections: (ConnectOptions & { closed: boolean })[] = [];
  let [out, err] = ['', ''];
  const code = await main(args.split(' ').filter(Boolean), {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text), isTTY: tty, columns: 200 },
    signal,
    connect: (options) => {
      const connection = { ...options, closed: false };
      connections.push(connection);
      return Promise.resolve({
        engine: asynchronous(engine) as never,
        picture: (address) => Promise.resolve(Buffer.from((asked.picture = address))),
        close: () => Promise.resolve(void (connection.closed = true)),
      });
    },
  });
  return { code, out, err, asked, connections };
}

/** The same calls, each answering with a promise, as over the wire. */
function asynchronous(engine: object): unknown {
  return new Proxy(engine, {
    get: (target, name) => {
      const value = (target as Record<string | symbol, unknown>)[name];
      if (typeof value === 'function') return async (input: unknown) => (value as (input: unknown) => unknown)(input);
      return typeof value === 'object' && value !== null ? asynchronous(value) : value;
    },
  });
}
