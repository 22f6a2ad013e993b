import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { classReport } from '#contract/evaluation.ts';
import { optimizerDefaults, trainingSettings } from '#contract/training.ts';
import { heatlens } from '#test/support/fake-engine.ts';

const n = z.number();
const failure = z.strictObject({
  error: z.strictObject({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()) }),
});

/** The shapes of the command line's own page. */
const shapes: [string, z.ZodType][] = [
  [
    'engine --json',
    z.object({
      backend: z.string(),
      version: z.string(),
      device: z.object({ kind: z.string(), name: z.string() }),
      memory: z.object({ resident: n, total: n }),
      compiled: z.boolean(),
      notes: z.array(z.object({ code: z.string(), message: z.string() })),
    }),
  ],
  [
    'data inspect mnist --json',
    z.strictObject({
      kind: z.literal('mnist'),
      shape: z.tuple([n, n, n]),
      classes: z.array(z.string()),
      splits: z.strictObject({
        train: z.object({ count: z.literal(9), perClass: z.strictObject({ 0: z.literal(4), 1: z.literal(5) }) }),
        test: z.object({ count: z.literal(3), perClass: z.strictObject({ 0: n, 1: n }) }),
      }),
      mean: z.tuple([z.literal(0.1)]),
      std: z.tuple([z.literal(0.3)]),
      problems: z.array(z.never()),
    }),
  ],
  [
    'presets --json',
    z.array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        input: z.tuple([n, n, n]),
        parameters: n,
        source: z.string(),
      }),
    ),
  ],
  [
    'train --data mnist --json',
    z.strictObject({
      run: z.literal('r1'),
      epochs: z.tuple([
        z.strictObject({ epoch: z.literal(1), loss: n, accuracy: n, seconds: n, imagesPerSecond: n }),
        z.strictObject({
          epoch: z.literal(2),
          loss: n,
          accuracy: n,
          valLoss: n,
          valAccuracy: n,
          seconds: n,
          imagesPerSecond: n,
        }),
      ]),
      test: z.strictObject({ loss: n, accuracy: n }),
      files: z.array(z.string().refine(path.isAbsolute)).min(1),
    }),
  ],
  [
    'evaluate --model r1 --data mnist --json',
    z.object({
      count: n,
      loss: n,
      accuracy: n,
      perClass: z.array(classReport),
      confusion: z.tuple([z.tuple([z.literal(3)])]),
      calibration: z.object({ brier: n, equalWidth: z.object({ expectedError: n, maximumError: n }) }),
      mostIncorrect: z.array(z.object({ index: n, true: n, predicted: n, probability: n, loss: n })),
    }),
  ],
  [
    'predict --model r1 a.png b.png --json',
    z.tuple([
      z.strictObject({
        file: z.literal('a.png'),
        top: z.tuple([
          z.strictObject({ index: z.literal(7), id: z.string(), label: z.literal('seven'), probability: n }),
        ]),
        milliseconds: n,
      }),
      z.object({ file: z.literal('b.png') }),
    ]),
  ],
  [
    'preflight --data mnist --json',
    z.object({
      images: n,
      stepSeconds: n,
      memory: z.object({ free: n }),
      advisedBatchSize: n,
      warnings: z.array(z.string()),
    }),
  ],
  [
    'sweep --data mnist --try batchSize=32,64 --json',
    z.tuple([
      z.looseObject({ run: z.literal('s2'), values: z.strictObject({ batchSize: z.literal(64) }), state: z.string() }),
      z.looseObject({ run: z.literal('s1'), test: z.strictObject({ loss: n, accuracy: z.literal(0.91) }) }),
    ]),
  ],
  [
    'compare r1 r2 --json',
    z.strictObject({
      differing: z.tuple([z.literal('batchSize')]),
      runs: z.tuple([
        z.looseObject({
          ...{ run: z.literal('r2'), settings: z.strictObject({ batchSize: z.literal(64) }) },
          best: z.object({ valAccuracy: z.strictObject({ value: n, epoch: n }) }),
        }),
        z.looseObject({
          ...{ run: z.literal('r1'), settings: z.strictObject({ batchSize: z.literal(32) }), size: n, seconds: n },
          test: z.strictObject({ loss: n, accuracy: n }),
        }),
      ]),
    }),
  ],
  [
    'compare --all --json',
    z.looseObject({
      same: z.strictObject({ preset: z.literal('CNN'), batchSize: z.literal(32) }),
      differing: z.tuple([]),
    }),
  ],
  [
    'runs --json',
    z.array(z.object({ run: z.literal('r1'), state: z.literal('done'), test: z.object({ accuracy: n }) })),
  ],
];

test.each(shapes)('`%s` prints one value of its shape and nothing else', async (args, shape) => {
  const { code, out, connections } = await heatlens(args);
  expect(code).toBe(0);
  expect(out.trim().split('\n')).toHaveLength(1);
  expect(shape.safeParse(JSON.parse(out)).error).toBeUndefined();
  expect(connections.length).toBeGreaterThan(0);
  expect(connections.every(({ closed }) => closed)).toBe(true);
});

test.each(shapes)('`%s` without --json is for people', async (args) => {
  const { code, out } = await heatlens(args.replace(' --json', ''));
  expect(code).toBe(0);
  expect(out).not.toMatch(/^[[{]/);
  expect(out).not.toContain('undefined');
});

test('`--jsonl` gives every event a line, the result last', async () => {
  const { out } = await heatlens('train --data mnist --jsonl');
  const lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string });
  expect(lines.map(({ kind }) => kind)).toEqual(['epoch', 'epoch', 'result']);
});

test('`predict --full` says all probabilities and how the picture was fitted', async () => {
  const { out } = await heatlens('predict --model r1 a.png --full --json');
  expect(JSON.parse(out)).toMatchObject([{ softmax: [0.99], resize: 'as it is' }]);
});

describe('training', () => {
  test('takes Keras’ defaults for what is not said', async () => {
    const { asked } = await heatlens('train --data mnist');
    expect(asked.start).toEqual({
      dataset: 'mnist',
      preset: 'mnist-cnn',
      epochs: 10,
      batchSize: 128,
      optimizer: optimizerDefaults.adam,
      seed: 1,
      validation: { amount: 'none', pick: 'last' },
    });
  });

  test('takes what is said', async () => {
    const { asked } = await heatlens(
      'train --data mnist --preset mlp --limit-train 1000 --limit-test 100 --optimizer adadelta --learning-rate 1 ' +
        '--epochs 50 --batch-size 64 --seed 7 --validation-split 0.2 --validation-pick stratified --name first',
    );
    expect(asked.start).toEqual({
      dataset: 'mnist',
      preset: 'mlp',
      epochs: 50,
      batchSize: 64,
      optimizer: { ...optimizerDefaults.adadelta, learningRate: 1 },
      seed: 7,
      validation: { amount: { fraction: 0.2 }, pick: 'stratified' },
      limitTrain: 1000,
      limitTest: 100,
      name: 'first',
    });
  });

  test('every setting of the contract can be said', async () => {
    const { asked, err } = await heatlens(
      'train --data mnist --optimizer sgd --momentum 0.9 --nesterov --weight-decay 0.01 --global-clip-norm 2 ' +
        '--loss categorical_crossentropy --label-smoothing 0.1 --from-logits --metrics top-3,auc --l2 1e-4 ' +
        '--schedule plateau:patience=2,monitor=val_loss --warm-up 0.5 --early-stopping patience=3,restore-best=yes ' +
        '--checkpoint-every 2epochs,10minutes --class-weight {"1":3} --sample-weights w.txt --no-shuffle --no-compile ' +
        '--steps-per-epoch 5 --validation-steps 2 --validation-frequency 3 --initial-epoch 1 --validation-count 20 --snapshot-every 2',
    );
    expect(err).not.toContain('error');
    expect(asked.start).toEqual({
      ...{ dataset: 'mnist', preset: 'mnist-cnn', epochs: 10, batchSize: 128, seed: 1 },
      optimizer: {
        ...{ name: 'sgd', learningRate: 0.01, momentum: 0.9, nesterov: true, weightDecay: 0.01, globalClipNorm: 2 },
      },
      validation: { amount: { count: 20 }, pick: 'last' },
      loss: { name: 'categorical_crossentropy', labelSmoothing: 0.1, fromLogits: true },
      metrics: ['top_3', 'auc'],
      schedule: {
        ...{ kind: 'plateau', monitor: 'valLoss', factor: 0.1, patience: 2, minDelta: 1e-4, cooldown: 0, least: 0 },
        warmUpEpochs: 0.5,
      },
      earlyStopping: { monitor: 'valLoss', patience: 3, minDelta: 0, startFrom: 1, restoreBest: true },
      checkpoints: { everyEpochs: 2, everyMinutes: 10 },
      classWeights: [1, 3],
      sampleWeightsFile: path.resolve('w.txt'),
      regularizer: { l1: 0, l2: 1e-4 },
      ...{ shuffle: false, compile: false, stepsPerEpoch: 5, validationSteps: 2, validationFrequency: 3 },
      ...{ initialEpoch: 1, snapshotEvery: 2 },
    });
    expect(trainingSettings.safeParse(asked.start).error).toBeUndefined();
  });

  test.each([
    ['--schedule cosine', { schedule: { kind: 'cosine', floor: 0 } }],
    ['--schedule step:epochs=10,factor=0.5', { schedule: { kind: 'step', epochs: 10, factor: 0.5 } }],
    [
      '--schedule exponential:rate=0.9,staircase=yes',
      { schedule: { kind: 'exponential', rate: 0.9, epochs: 1, staircase: true } },
    ],
    ['--warm-up 2', { schedule: { kind: 'constant', warmUpEpochs: 2 } }],
    // Without held-out images there is only the training's own loss to watch.
    ['--early-stopping 4', { earlyStopping: { monitor: 'loss', patience: 4 } }],
    ['--class-weight [2,1]', { classWeights: [2, 1] }],
    ['--class-weight balanced', { classWeights: 'balanced' }],
    ['--checkpoint-every 100batches', { checkpoints: { everyBatches: 100 } }],
    ['--no-from-logits', { loss: { name: 'sparse_categorical_crossentropy', fromLogits: false } }],
  ])('`%s` is understood', async (args, settings) => {
    expect((await heatlens(`train --data mnist ${args}`)).asked.start).toMatchObject(settings);
  });

  test.each([
    ['[1,2,3]', '2 weights were expected, one for each class; received 3'],
    ['{"2":1}', 'no class "2" among 0, 1'],
  ])('weights %s for two classes are refused', async (weights, words) => {
    const { code, err, asked } = await heatlens(`train --data mnist --class-weight ${weights}`);
    expect([code, asked.start]).toEqual([1, undefined]);
    expect(err).toContain(words);
  });

  test('`--resume` goes on with a run of the project', async () => {
    const { code, err, asked } = await heatlens('train --resume r1');
    expect([code, asked.continued, asked.start]).toEqual([0, 'r1', undefined]);
    expect(err).toContain('Going on in epoch 2 after batch 17.');
  });

  test('elsewhere than on a terminal, stderr has one line an epoch and no control characters', async () => {
    const { err } = await heatlens('train --data mnist');
    expect(err.trim().split('\n')).toHaveLength(2);
    expect(err).toContain('epoch 1/10 · loss 1 · accuracy 90.00 % · 1,480 img/s · 2 s');
    expect(err).not.toContain('\u001b');
  });

  test('Ctrl-C stops the run, ends the engine and exits with 130', async () => {
    const controller = new AbortController();
    const running = heatlens('train --data mnist --name endless --json', { signal: controller.signal });
    setTimeout(() => controller.abort(), 30);
    const { code, out, err, asked, connections } = await running;
    expect(code).toBe(130);
    expect(err).toContain('To go on: heatlens train --resume r1');
    expect(asked.stopped).toBe(true);
    expect(connections.every(({ closed }) => closed)).toBe(true);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'call/cancelled' } });
  });
});

test('`preflight` says what a training takes, what to do, and leaves the projects alone', async () => {
  const { out, connections } = await heatlens('preflight --data mnist');
  expect(out).toContain('60,000 images in 469 batches');
  expect(out).toContain('--batch-size 256');
  expect(out).toContain('very few images');
  expect(path.basename(connections[0]?.project ?? '')).toMatch(/^\.heatlens-/);
});

test.each([
  ['', 2, 'Usage: heatlens'],
  ['--help', 0, 'Usage: heatlens'],
  ['train --help', 0, '--learning-rate'],
  ['data inspect --help', 0, 'IDX'],
  ['nonsense', 2, 'nonsense'],
  ['data nonsense', 2, 'nonsense'],
  ['train', 2, '--data'],
  ['train --data mnist --epochs none', 2, 'Expected a whole number from 1'],
  ['train --data mnist --epochs 0', 2, 'Expected a whole number from 1'],
  ['train --data mnist --epochs 1.5', 2, 'Expected a whole number from 1'],
  ['train --data mnist --learning-rate 0', 2, 'between 0 and 100'],
  ['train --data mnist --validation-split 1', 2, 'between 0 and 1'],
  ['train --data mnist --validation-split 0.1 --validation-count 5', 2, 'cannot be used with'],
  ['train --data mnist --optimizer lion', 2, 'adadelta'],
  ['train --data mnist --unknown', 2, '--unknown'],
  [
    'train --data mnist --schedule cosin',
    2,
    "'--schedule <how>' argument 'cosin' is invalid. Expected one of constant",
  ],
  ['train --data mnist --schedule step:epochs=3', 2, 'Expected factor=…'],
  ['train --data mnist --schedule step:epochs=1.5,factor=1', 2, 'epochs: '],
  ['train --data mnist --schedule cosine:roof=1', 2, 'Expected floor=…; received "roof=1"'],
  ['train --data mnist --schedule plateau:monitor=luck', 2, 'monitor: expected loss, accuracy'],
  ['train --data mnist --early-stopping patience=much', 2, 'patience: expected a number, not "much"'],
  ['train --data mnist --early-stopping restore-best=maybe', 2, 'expected yes or no'],
  ['train --data mnist --checkpoint-every 5', 2, 'Expected 5epochs, 100batches or 10minutes; received "5"'],
  ['train --data mnist --checkpoint-every 0epochs', 2, 'everyEpochs: '],
  ['train --data mnist --class-weight heavy', 2, 'received "heavy"'],
  ['train --data mnist --class-weight [1,-1]', 2, 'a weight is -1'],
  ['train --data mnist --metrics luck', 2, 'Expected some of top_3'],
  ['train --data mnist --loss best', 2, 'poisson'],
  ['train --data mnist --momentum 0.9', 2, "'--momentum' belongs to --optimizer sgd or rmsprop; received adam"],
  ['train --data mnist --label-smoothing 0.1', 2, 'received sparse_categorical_crossentropy'],
  ['train --data mnist --clip-norm 1 --clip-value 1', 2, 'cannot be used with'],
  ['train --data mnist --clip-norm 0', 2, 'Expected a number above 0'],
  ['train --data mnist --initial-epoch 10', 2, 'received 10 of 10'],
  ['train --resume', 2, 'or --out FOLDER'],
  ['train --resume r1 --out somewhere', 2, 'received r1'],
  ['sweep --data mnist', 2, '--try'],
  ['sweep --data mnist --try batchSize', 2, 'received "batchSize"'],
  ['sweep --data mnist --try seed=1 --try seed=2', 2, 'seed is there twice'],
  ['sweep --try seed=1', 2, '--data'],
  ['preflight', 2, '--data'],
  ['predict --model r1', 2, 'image'],
  ['predict --model r1 a.png --threshold 2', 2, 'from 0 to 1'],
  ['evaluate --model r1 --split other', 2, 'validation'],
  ['engine --backend cuda', 2, 'tensorflow'],
])('`%s` exits with %i and says why', async (args, expected, words) => {
  const { code, out, err, connections } = await heatlens(args);
  expect(code).toBe(expected);
  expect(expected === 0 ? out : err).toContain(words);
  expect(connections).toHaveLength(0);
});

test('a failure is a sentence on stderr and, with --json, an error on stdout', async () => {
  const { code, out, err } = await heatlens('data inspect bad.idx --json');
  expect(code).toBe(1);
  expect(err.trim()).toMatch(/bad\.idx is not an IDX file.*0x1234/);
  const { error } = failure.parse(JSON.parse(out));
  expect(error.code).toBe('data/idx-magic');
  const plain = await heatlens('data inspect bad.idx');
  expect([plain.code, plain.out]).toEqual([1, '']);
});

test('a run or data set that is not there is named', async () => {
  expect((await heatlens('evaluate --model r9')).err).toContain('no run “r9”');
  expect((await heatlens('data inspect stl10')).err).toContain('“stl10”');
});

test.each(['engine', 'presets', 'data inspect mnist'])('`%s` leaves the projects alone', async (args) => {
  const { connections } = await heatlens(args);
  expect(connections).toHaveLength(1);
  expect(path.basename(connections[0]?.project ?? '')).toMatch(/^\.heatlens-/);
  expect(existsSync(connections[0]?.project ?? '')).toBe(false);
});

test('`--project` and `--backend` reach the engine', async () => {
  const { connections } = await heatlens('runs --project here --backend js');
  expect(connections).toMatchObject([{ project: 'here', backend: 'js' }]);
});
