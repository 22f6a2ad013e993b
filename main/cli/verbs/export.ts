import { Option } from 'commander';
import path from 'node:path';
import type { Engine } from '#contract/engine.ts';
import { writtenFormat, type ExportResult, type WrittenFormat } from '#contract/models.ts';
import { withImportOptions, type ImportTexts } from '../import-options.ts';
import { acts, verb, type Verb } from '../options.ts';
import { engineWithModel } from '../run-reference.ts';
import { dataSetFor } from '../source.ts';
import type { CommonOptions, Task } from '../task.ts';

/** A run as a program on Keras. */
const programs = ['keras-program', 'python'] as const;

interface Options extends CommonOptions, ImportTexts {
  readonly model: string;
  readonly to: WrittenFormat | (typeof programs)[number];
  readonly data?: string[];
  readonly out: string;
  readonly pixels: 'inside' | 'beside';
  readonly optimizer?: boolean;
  readonly weights: 'variables' | 'constants';
  readonly network?: string;
  readonly images: 'along' | 'by-path';
  readonly first: boolean;
  readonly kept: boolean;
}

export const exportVerb: Verb = (surroundings, ended) => {
  const command = verb(
    'export',
    'Write a model for Python, the browser or a phone, or a run as a program; read back and compared.',
  )
    .requiredOption('--model <model>', 'a run or its folder, a model file, or a model of the zoo by its id')
    .addOption(
      new Option('--to <format>', 'what is written; keras-program, or python: a run as a program on Keras')
        .choices([...writtenFormat.options, ...programs])
        .makeOptionMandatory(),
    )
    .requiredOption('--out <path>', 'the file; a new folder for saved-model and tfjs; of a program a folder or a .zip')
    .addOption(
      new Option('--pixels <where>', 'inside: the file takes RGB 0…255; beside: it says what is to be done first')
        .choices(['inside', 'beside'])
        .default('inside'),
    )
    .option('--optimizer', 'with the optimizer’s state (.keras has it always; Keras 3.15 misreads that of .h5)')
    .option('--no-optimizer', 'without the optimizer’s state')
    .addOption(
      new Option('--weights <kind>', 'of a SavedModel').choices(['variables', 'constants']).default('variables'),
    )
    .addOption(
      new Option('--images <how>', 'of a program: they go along, or are read from the data set’s own files')
        .choices(['along', 'by-path'])
        .default('along'),
    )
    .option('--data <source...>', 'of a program: its images (default: the data set of the run)')
    .option('--no-first', 'program without the weights that the run began with')
    .option('--no-kept', 'program without the weights that the run has')
    .option('--network <id>', 'of a file of weights alone: the network they belong to')
    .addHelpText('after', '\nh5-weights: a name that ends in .weights.h5 has Keras 3’s layout, another one Keras 2’s.');
  return acts<Options>(withImportOptions(command), surroundings, ended, async (task, options) => {
    const words = options.network === undefined ? {} : { network: options.network };
    const { engine, model } = await engineWithModel(task, options.model, words);
    const stream = await asked(task, engine, model, options);
    for (let step = await stream.next(); ; step = await stream.next()) {
      if (step.done) return { value: step.value, text: () => describe(step.value) };
      const { stage, done, total } = step.value;
      task.event({ kind: 'progress', stage, done, total });
      task.progress.now(stage === 'checking' ? `checking: ${done} of ${total} images` : stage);
    }
  });
};

async function asked(task: Task, engine: Engine, model: string, options: Options) {
  const { to: format, pixels, optimizer, weights, images, first, kept, data } = options;
  const [file, { signal }] = [path.resolve(options.out), task];
  if (format === 'keras-program' || format === 'python') {
    const dataset = data && { dataset: (await dataSetFor(task, engine, model, data, options)).id };
    return engine.models.program({ model, path: file, images, first, kept, ...dataset }, { signal });
  }
  const state = optimizer !== undefined && { optimizer };
  return engine.models.export({ model, format, path: file, pixels, weights, ...state }, { signal });
}

function describe({ file, bytes: size, checked, notes }: ExportResult): string {
  const said = checked
    ? `read back by ${checked.by} and compared on ${checked.images} images: largest difference ` +
      `${checked.maxDifference.toPrecision(2)}, ${checked.agree} with the same class`
    : 'nothing to compare';
  return [`${file} (${(size / 1e6).toFixed(1)} MB): ${said}`, ...notes].join('\n');
}
