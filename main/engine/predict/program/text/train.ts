import type { TrainingSettings } from '#contract/training-settings.ts';
import { callbacksText } from './callbacks.ts';
import { literal, real, text } from './literal.ts';
import { lossText } from './loss.ts';
import { metricsText } from './metrics.ts';
import { isClipped, optimizerText } from './optimizer.ts';
import { scheduleText } from './schedule.ts';
import { checkLines, figureLines, measureLines, stateLines, stepLines, strategyLines } from './train-loop.ts';

export interface TrainText {
  readonly name: string;
  readonly settings: TrainingSettings;
  /** As the run had it in the end: memory may have asked for less than the settings. */
  readonly batchSize: number;
  readonly endsIn: 'softmax' | 'linear';
  /** Weights of the auxiliary outputs' losses. */
  readonly auxiliary: readonly number[];
  /** Of each class, where the settings say so. */
  readonly classWeights: readonly number[] | undefined;
  /** Whether images are held out. */
  readonly held: boolean;
  /** Weights that were written: those the run began with, and those it has. */
  readonly first: boolean;
  readonly kept: boolean;
}

/** train.py: settings, optimizer, loss, schedule, and the loop. */
export function trainText(parts: TrainText): string {
  const { settings, endsIn, auxiliary } = parts;
  const penalty = settings.regularizer && (settings.regularizer.l1 > 0 || settings.regularizer.l2 > 0);
  const schedule = scheduleText(settings.schedule, settings.optimizer.learningRate);
  const maths = schedule.some((line) => line.includes('math.'));
  const sections = [
    [settingLines(parts)],
    optimizerText(settings.optimizer),
    schedule,
    lossText(settings.loss, endsIn),
    [answersLines(endsIn)],
    ...(penalty && settings.regularizer ? [penaltyLines(settings.regularizer)] : []),
    metricsText(settings.metrics, endsIn),
    callbacksText(settings, parts.held),
    [strategyLines],
    [stepLines({ auxiliary, penalty: penalty === true, clipped: isClipped(settings.optimizer) })],
    [figureLines],
    [measureLines],
    [stateLines],
    [checkLines],
    [mainLines(parts)],
  ];
  return [
    introduction(maths),
    ...sections.map((lines) => lines.join('\n')),
    'if __name__ == "__main__":\n    main()\n',
  ].join('\n\n\n');
}

const introduction = (maths: boolean) => `"""Trains a run of Heatlens on Keras.

python train.py                       this machine, with all its GPUs
python launch.py --workers 2          two workers on this machine
TF_CONFIG=… python train.py           one of several machines; README.md says more
python train.py --resume              goes on where this program, or Heatlens, stood
python train.py --check               asks the network what Heatlens was asked
"""

import argparse
import csv
import json
${maths ? 'import math\n' : ''}import os
import time
import warnings
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import numpy as np
import tensorflow as tf

import images
import network
from classes import CLASSES

HERE = Path(__file__).resolve().parent`;

function settingLines({ name, settings, batchSize, classWeights, auxiliary }: TrainText): string {
  const { checkpoints } = settings;
  const optional = (value: number | undefined) => literal(value ?? null);
  const lines = [
    `NAME = ${text(name)}`,
    `EPOCHS = ${settings.epochs}`,
    `INITIAL_EPOCH = ${settings.initialEpoch ?? 0}  # epochs passed over`,
    `BATCH = ${batchSize}  # images of a step, on all replicas together`,
    `SEED = ${settings.seed}`,
    `SHUFFLE = ${literal(settings.shuffle ?? true)}`,
    `STEPS_PER_EPOCH = ${optional(settings.stepsPerEpoch)}  # None: all images once`,
    `VALIDATION_STEPS = ${optional(settings.validationSteps)}  # None: all images`,
    `VALIDATION_FREQUENCY = ${settings.validationFrequency ?? 1}  # epochs`,
    `CHECKPOINT_EVERY = ${checkpoints?.everyEpochs ?? 1}  # epochs`,
    `KEEP_WEIGHTS_EVERY = ${optional(settings.snapshotEvery)}  # epochs, to look back at; None: never`,
  ];
  if (auxiliary.length > 0) {
    lines.push(
      `OUTPUT_WEIGHTS = ${literal([1, ...auxiliary])}  # of the losses: the classifier, then the auxiliary ones`,
    );
  }
  if (classWeights) {
    const how = settings.classWeights === 'balanced' ? 'images / (classes · images of the class)' : 'as given';
    lines.push(
      `# How much the loss of each class counts: ${how}.`,
      'CLASS_WEIGHTS = [',
      ...rowsOf(classWeights.map(real)).map((row) => `    ${row}`),
      ']',
    );
  }
  return lines.join('\n');
}

/** Ten a line. */
function rowsOf(items: readonly string[]): string[] {
  const rows: string[] = [];
  for (let at = 0; at < items.length; at += 10) rows.push(`${items.slice(at, at + 10).join(', ')},`);
  return rows;
}

const answersLines = (endsIn: 'softmax' | 'linear') =>
  endsIn === 'softmax'
    ? 'def probabilities_of(outputs):\n    return outputs  # the network ends in softmax'
    : 'def probabilities_of(outputs):\n    return tf.nn.softmax(outputs)  # the network gives logits';

const penaltyLines = ({ l1, l2 }: { l1: number; l2: number }): string[] => {
  const parts = [
    ...(l1 > 0 ? [`${real(l1)} * tf.reduce_sum(tf.abs(kernel))`] : []),
    ...(l2 > 0 ? [`${real(l2)} * tf.reduce_sum(tf.square(kernel))`] : []),
  ];
  return [
    'def penalty(model):',
    `    """keras.regularizers.L1L2(${real(l1)}, ${real(l2)}) on every kernel, frozen ones too."""`,
    '    kernels = [',
    '        weight',
    '        for layer in model.layers',
    '        if layer.name != network.PIXELS',
    '        for weight in layer.weights',
    '        if weight.name.endswith("kernel")',
    '    ]',
    `    return tf.add_n([${parts.join(' + ')} for kernel in kernels])`,
  ];
};

const mainLines = ({ first, kept, classWeights }: TrainText) => {
  const start = first ? 'FIRST' : 'None';
  return `${first ? 'FIRST = HERE / "weights" / "first.keras"  # what the run began with\n\n\n' : ''}def parse():
    parser = argparse.ArgumentParser(description=f"Trains {NAME} on Keras.".replace("%", "%%"))
    add = parser.add_argument
    add("--epochs", type=int, default=EPOCHS, help="in all, those done among them")
    add("--batch", type=int, default=BATCH, help="images of a step, of all workers")
    add("--data", type=Path, default=HERE / "data", help="folder of the images")
    add("--out", type=Path, default=HERE / "out", help="folder for what is written")
    add("--weights", type=Path, default=${start}, help="a .keras file to begin with")
    add("--fresh", action="store_true", help="begin with weights that Keras draws")
    add("--resume", action="store_true", help="go on where --out${kept ? ', or else Heatlens,' : ''} stands")
    add("--seed", type=int, default=SEED, help="of order, changes and first weights")
    add("--check", action="store_true", help="compare answers with those of Heatlens")
    return parser.parse_args()


def beginning(options):
    """The file to begin with; None: fresh weights."""
    if options.resume:
        ${kept ? 'known = [options.out / "last.keras", HERE / "weights" / "kept.keras"]' : 'known = [options.out / "last.keras"]'}
        found = next((path for path in known if path.exists()), None)
        if found is None:
            raise SystemExit(f"There is nothing to go on from: {known[0]} is missing.")
        return found
    return None if options.fresh else options.weights


def main():
    options = parse()
    if options.check:
        return check()
    strategy = make_strategy()  # before anything else is computed
    _, chief = machines()
    keras.utils.set_random_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    names = ("train", "validation", "test")
    train, held, test = (images.read(options.data, name) for name in names)
    if train is None:
        raise SystemExit(f"{options.data} has no training images: see README.md.")
${classWeights ? '    train.weights = train.weights * np.array(CLASS_WEIGHTS, np.float32)[train.labels]\n' : ''}    steps = STEPS_PER_EPOCH or -(-len(train) // options.batch)

    training = Training(strategy)
    callbacks = make_callbacks(options.out, chief, options.resume)
    listeners = keras.callbacks.CallbackList(callbacks, model=training.model)
    listeners.on_train_begin()
    begun, done = INITIAL_EPOCH, 0
    path = beginning(options)
    if path is not None:
        begun, done = load_state(training, callbacks, path)
        say(chief, f"Begins with {path.name}, after {begun} epochs and {done} steps.")
    say(chief, f"{NAME}: {len(train)} images of {len(CLASSES)} classes, {steps} steps an epoch.")
    say(chief, f"Devices that train together: {training.replicas}.")
    if begun >= options.epochs:
        say(chief, f"All {options.epochs} epochs are done; --epochs asks for more.")

    if chief and not options.resume:
        (options.out / "steps.csv").unlink(missing_ok=True)
    batches = images.training_batches(
        strategy, train, options.batch, options.seed, SHUFFLE, first=begun * steps + done
    )
    batches = iter(batches)
    for epoch in range(begun, options.epochs):
        listeners.on_epoch_begin(epoch)
        started, sums, rates = time.time(), [], []
        for step in range(done, steps):
            training.set_rate(learning_rate(epoch * steps + step, steps, options.epochs))
            sums.append(training.train_step(next(batches)).numpy())
            rates.append(training.rate)
            if not np.isfinite(sums[-1][0]):
                raise SystemExit(f"The loss is no number: epoch {epoch + 1}, step {step + 1}.")
        logs = figures_of(sums)
        logs["learning_rate"] = rates[-1]
        speed = np.sum(sums, axis=0)[2] / (time.time() - started)
        if held is not None and (epoch + 1) % VALIDATION_FREQUENCY == 0:
            figures = measure(training, held, options.batch, VALIDATION_STEPS)
            logs |= {f"val_{name}": value for name, value in figures.items()}
        if chief:
            log_steps(options.out, epoch, done, sums, rates)
        listeners.on_epoch_end(epoch, logs)
        say(chief, f"epoch {epoch + 1}/{options.epochs}: {shown(logs)}; {speed:.0f} images/s")
        stop = training.model.stop_training
        if chief and ((epoch + 1) % CHECKPOINT_EVERY == 0 or stop or epoch + 1 == options.epochs):
            save_state(training, callbacks, options.out / "last.keras", epoch + 1)
        if chief and KEEP_WEIGHTS_EVERY and (epoch + 1) % KEEP_WEIGHTS_EVERY == 0:
            training.model.save_weights(options.out / f"epoch-{epoch + 1:04d}.weights.h5")
        done = 0
        if stop:
            say(chief, "The figures get no better: enough.")
            break
    listeners.on_train_end()  # may bring back the weights of the best epoch

    results = {}
    if test is not None:
        results["test"] = measure(training, test, 256)
        say(chief, f"test: {shown(results['test'])}")
    if chief:
        training.model.save(options.out / "final.keras")
        (options.out / "results.json").write_text(json.dumps(results, indent=2))


def log_steps(out, epoch, first, sums, rates):
    """One line a step."""
    path = out / "steps.csv"
    new = not path.exists()
    with open(path, "a", newline="") as file:
        lines = csv.writer(file)
        if new:
            lines.writerow(["epoch", "step", "images", "loss", "accuracy", "learning_rate"])
        for step, (values, rate) in enumerate(zip(sums, rates), start=first + 1):
            loss, right, count = (float(value) for value in values[:3])
            lines.writerow([epoch + 1, step, int(count), loss / count, right / count, rate])


def shown(figures):
    return ", ".join(f"{name} {value:.4g}" for name, value in figures.items())


def say(chief, words):
    if chief:
        print(words, flush=True)`;
};
