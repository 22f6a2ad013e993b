import { callbacksText } from './callbacks.ts';
import { columns, literal, real, text } from './literal.ts';
import { lossText } from './loss.ts';
import { metricsText } from './metrics.ts';
import { optimizerText } from './optimizer.ts';
import { py } from './python.ts';
import { scheduleText } from './schedule.ts';
import { figuresText } from './train-figures.ts';
import { penaltyText, strategyText, trainingText } from './train-loop.ts';
import { mainText } from './train-main.ts';
import type { TrainText } from './train-parts.ts';
import { checkText, stateText } from './train-state.ts';

export type { TrainText } from './train-parts.ts';

/** train.py: settings, optimizer, loss, schedule, and the loop. */
export function trainText(parts: TrainText): string {
  const { settings, endsIn } = parts;
  const sections = [
    settingLines(parts).join('\n'),
    optimizerText(settings.optimizer).join('\n'),
    scheduleText(settings.schedule)?.join('\n'),
    lossText(settings.loss, endsIn).join('\n'),
    penaltyText(parts),
    metricsText(settings.metrics, endsIn)?.join('\n'),
    callbacksText(settings, parts.held).join('\n'),
    strategyText,
    trainingText(parts),
    figuresText(parts),
    stateText(parts),
    checkText(parts),
    mainText(parts),
  ].filter((section) => typeof section === 'string');
  const body = [...sections, 'if __name__ == "__main__":\n    main()\n'].join('\n\n\n');
  return `${introduction(parts, body.includes('math.'))}\n\n${body}`;
}

const introduction = ({ first, kept }: TrainText, maths: boolean) => py`
"""Trains a run of Heatlens on Keras.

python train.py                       this machine, with all its GPUs
python launch.py --workers 2          two workers on this machine
TF_CONFIG=… python train.py           one of several machines; README.md says more
python train.py --resume              goes on where this program${kept && ', or Heatlens,'} stood
${(first || kept) && 'python train.py --check               asks the network what Heatlens was asked'}
"""

import argparse
import csv
import json
${maths && 'import math'}
import os
import time
import warnings
from pathlib import Path

# Read when Keras is imported.
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")

import keras
import numpy as np
import tensorflow as tf

import images
import network
from classes import CLASSES

HERE = Path(__file__).resolve().parent
${first && 'FIRST = HERE / "weights" / "first.keras"  # what the run began with'}
`;

/** A name for each number that a person may want to change. */
function settingLines({ name, settings, batchSize, classWeights, auxiliary, held }: TrainText): string[] {
  const {
    checkpoints,
    validationFrequency = 1,
    validationSteps,
    snapshotEvery,
    stepsPerEpoch,
    initialEpoch,
  } = settings;
  const lines = [
    `NAME = ${text(name)}`,
    `EPOCHS = ${settings.epochs}`,
    `BATCH = ${batchSize}  # images of a step, on all replicas together`,
    `LEARNING_RATE = ${real(settings.optimizer.learningRate)}`,
    `SEED = ${settings.seed}`,
  ];
  const say = (line: string, when: unknown) => when && lines.push(line);
  say(`INITIAL_EPOCH = ${initialEpoch}  # epochs passed over`, initialEpoch);
  say(`STEPS_PER_EPOCH = ${stepsPerEpoch}`, stepsPerEpoch);
  say(`VALIDATION_STEPS = ${validationSteps}`, held && validationSteps);
  say(`VALIDATION_FREQUENCY = ${validationFrequency}  # epochs`, held && validationFrequency > 1);
  say(`CHECKPOINT_EVERY = ${checkpoints?.everyEpochs}  # epochs`, (checkpoints?.everyEpochs ?? 1) > 1);
  say(`KEEP_WEIGHTS_EVERY = ${snapshotEvery}  # epochs, to look back at`, snapshotEvery);
  const shares = literal([1, ...auxiliary]);
  say(`OUTPUT_WEIGHTS = ${shares}  # of the losses: the classifier, then the auxiliary ones`, auxiliary.length > 0);
  if (classWeights) {
    const how = settings.classWeights === 'balanced' ? 'images / (classes · images of the class)' : 'as given';
    lines.push(
      `# How much the loss of each class counts: ${how}.`,
      ...listLines('CLASS_WEIGHTS', classWeights.map(real)),
    );
  }
  return lines;
}

/** On one line, or ten a line where that is too long. */
function listLines(name: string, items: readonly string[]): string[] {
  const one = `${name} = [${items.join(', ')}]`;
  if (one.length <= columns) return [one];
  const rows: string[] = [];
  for (let at = 0; at < items.length; at += 10) rows.push(`    ${items.slice(at, at + 10).join(', ')},`);
  return [`${name} = [`, ...rows, ']'];
}
