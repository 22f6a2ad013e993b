import { Option, type Command } from 'commander';
import { lossName, metricName, optimizerName, trainingSettings, type OptimizerName } from '#contract/training.ts';
import { sourceHelp, withImportOptions } from './import-options.ts';
import { integer, real } from './options.ts';
import {
  augmentationText,
  axis,
  checkpointEvery,
  classWeights,
  earlyStopping,
  metrics,
  schedule,
} from './setting-texts.ts';
import type { TrainOptions } from './train-settings.ts';

const pixelRules = trainingSettings.shape.pixels.unwrap().options;
const presetDefault = 'mnist-cnn';
/** Anything but nothing. */
const positive = real(0, Infinity, true);

/** Which optimizers have what, for the options that not all have. */
const belongs: Partial<Record<keyof TrainOptions, readonly OptimizerName[]>> = {
  momentum: ['sgd', 'rmsprop'],
  nesterov: ['sgd'],
  rho: ['rmsprop', 'adadelta'],
  centered: ['rmsprop'],
  beta1: ['adam', 'adamw', 'adamax', 'nadam'],
  beta2: ['adam', 'adamw', 'adamax', 'nadam'],
  epsilon: ['rmsprop', 'adagrad', 'adadelta', 'adam', 'adamw', 'adamax', 'nadam'],
  initialAccumulator: ['adagrad'],
};

/** Network and batch of a training that does not say. */
const usual = { preset: presetDefault, batchSize: 128 };

/**
 * Everything that says what and how to train, as `train`, `sweep` and `preflight` take it.
 * @param otherwise what is there when nothing is said; with a preset of null there is none to choose
 */
export function withTrainingOptions(command: Command, otherwise: Usual = usual): Command {
  dataOptions(command, otherwise);
  optimizerOptions(command);
  objectiveOptions(command);
  return paceOptions(command).hook('preAction', (_, acting) => refuse(acting, unfit(acting.opts<TrainOptions>())));
}

export const withAxes = (command: Command) =>
  command.requiredOption('--try <setting=values>', 'values to try, as batchSize=32,128; may be repeated', axis);

/** Ends with "wrong usage" where there is something to say. */
export function refuse(command: Command, problem: string | null): void {
  if (problem) command.error(`error: ${problem}`);
}

interface Usual {
  readonly preset: string | null;
  readonly batchSize: number;
}

function dataOptions(command: Command, { preset, batchSize }: Usual): void {
  command.optionsGroup('Images and length:').option('--data <source...>', sourceHelp);
  if (preset !== null) command.option('--preset <id>', 'network to train (see `presets`)', preset);
  command
    .option('--epochs <count>', 'passes over the training images', integer(1, 100_000), 10)
    .option('--batch-size <count>', 'images of one step', integer(1, 65_536), batchSize)
    .option('--seed <number>', 'of weights, order and dropout', integer(0, 2 ** 31 - 1), 1)
    .addOption(
      new Option('--validation-split <part>', 'hold out this part of the training images')
        .argParser(real(0, 1, true))
        .conflicts('validationCount'),
    )
    .option('--validation-count <count>', 'hold out this many training images', integer(1))
    .addOption(
      new Option(
        '--validation-pick <how>',
        'which: the last, or by class (default: last; of folders, whose images come class after class, by class)',
      ).choices(['last', 'stratified']),
    )
    .option('--limit-train <count>', 'only the first training images', integer(1))
    .option('--limit-test <count>', 'only the first test images', integer(1))
    .option('--class-weight <weights>', '`balanced`, a JSON list, or a JSON object by class', classWeights)
    .option('--sample-weights <file>', 'one number a line for each training image')
    .option('--no-shuffle', 'take the training images in their own order')
    .option('--augment <json>', 'random changes to training images, as JSON or a file of it', augmentationText)
    .addOption(new Option('--pixels <how>', 'made of 0…255 (default: the network’s own)').choices(pixelRules))
    .option('--name <text>', 'what the run is called');
  withImportOptions(command);
}

function optimizerOptions(command: Command): void {
  const clips = ['clipNorm', 'clipValue', 'globalClipNorm'];
  const clip = (flags: string, text: string, own: string) =>
    command.addOption(new Option(flags, text).argParser(positive).conflicts(clips.filter((each) => each !== own)));
  command
    .optionsGroup('Optimizer:')
    .addOption(new Option('--optimizer <name>', 'with Keras’ defaults').choices(optimizerName.options).default('adam'))
    .option('--learning-rate <rate>', 'default: Keras’ for the optimizer', real(0, 100, true))
    .option('--momentum <part>', 'sgd, rmsprop', real(0, 1))
    .option('--nesterov', 'sgd: Nesterov’s momentum')
    .option('--rho <part>', 'rmsprop, adadelta: decay of the running square', real(0, 1))
    .option('--centered', 'rmsprop: by the variance')
    .option('--beta1 <part>', 'adam and its kin', real(0, 1))
    .option('--beta2 <part>', 'adam and its kin', real(0, 1))
    .option('--epsilon <number>', 'all but sgd', real(0, 1, true))
    .option('--initial-accumulator <number>', 'adagrad', real(0, 100))
    .option('--weight-decay <rate>', 'decoupled, as Keras’ weight_decay', real(0, 1));
  clip('--clip-norm <length>', 'each gradient’s length at most', 'clipNorm');
  clip('--clip-value <size>', 'each value of a gradient at most', 'clipValue');
  clip('--global-clip-norm <length>', 'the length of all gradients together at most', 'globalClipNorm');
}

function objectiveOptions(command: Command): void {
  command
    .optionsGroup('Loss and metrics:')
    .addOption(
      new Option('--loss <name>', 'Keras’ name (default: sparse_categorical_crossentropy)').choices(lossName.options),
    )
    .option('--from-logits', 'the loss takes the outputs as they are')
    .option('--no-from-logits', 'the loss takes probabilities')
    .option('--label-smoothing <part>', 'categorical and binary cross-entropy', real(0, 1))
    .option('--delta <number>', 'huber: where it turns linear', positive)
    .option('--l1 <rate>', 'added to the loss for every kernel: l1·Σ|w|', real(0))
    .option('--l2 <rate>', 'added to the loss for every kernel: l2·Σw²', real(0))
    .option('--metrics <names>', `measured beside: ${metricName.options.join(', ')}; with commas`, metrics);
}

function paceOptions(command: Command): Command {
  return command
    .optionsGroup('Course:')
    .option(
      '--schedule <how>',
      'learning rate: cosine:floor=0, step:epochs=10,factor=0.5, exponential:rate=0.9,epochs=1,staircase=no, ' +
        'plateau:monitor=valLoss,factor=0.1,patience=10,min-delta=1e-4,cooldown=0,least=0',
      schedule,
    )
    .option('--warm-up <epochs>', 'the learning rate rises from 0 for so long', real(0, 100_000))
    .option(
      '--early-stopping <when>',
      'patience=5,monitor=valLoss,min-delta=0,start-from=1,restore-best=no; or the patience alone',
      earlyStopping,
    )
    .option('--steps-per-epoch <count>', 'batches of an epoch (default: all images once)', integer(1, 100_000_000))
    .option('--validation-steps <count>', 'batches of a validation (default: all)', integer(1, 100_000_000))
    .option('--validation-frequency <epochs>', 'validate every so many epochs', integer(1, 100_000))
    .option('--initial-epoch <count>', 'epochs passed over', integer(0, 100_000))
    .option('--checkpoint-every <time>', '5epochs, 100batches or 10minutes; with commas', checkpointEvery)
    .option('--snapshot-every <epochs>', 'keep the weights of every n-th epoch, to look back at', integer(1, 100_000))
    .option('--no-compile', 'run steps operation by operation instead of as TensorFlow graphs')
    .optionsGroup('The run:');
}

/** What does not go together, said with what was expected and received. */
function unfit(options: TrainOptions): string | null {
  for (const [name, optimizers] of Object.entries(belongs)) {
    if (options[name as keyof TrainOptions] === undefined || optimizers.includes(options.optimizer)) continue;
    return `option '${flagOf(name)}' belongs to --optimizer ${optimizers.join(' or ')}; received ${options.optimizer}.`;
  }
  const { loss = 'sparse_categorical_crossentropy', initialEpoch = 0, epochs } = options;
  const smooth = ['categorical_crossentropy', 'binary_crossentropy'];
  if (options.labelSmoothing !== undefined && !smooth.includes(loss)) {
    return `option '--label-smoothing' belongs to --loss ${smooth.join(' or ')}; received ${loss}.`;
  }
  if (options.delta !== undefined && loss !== 'huber')
    return `option '--delta' belongs to --loss huber; received ${loss}.`;
  if (initialEpoch >= epochs) {
    return `option '--initial-epoch' must be below --epochs; received ${initialEpoch} of ${epochs}.`;
  }
  return null;
}

/** `labelSmoothing` as a person types it. */
const flagOf = (name: string) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
