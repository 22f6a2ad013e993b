import { Command, CommanderError } from 'commander';
import type { Surroundings } from './session.ts';
import { benchVerb } from './verbs/bench.ts';
import { compareVerb } from './verbs/compare.ts';
import { dataVerb } from './verbs/data.ts';
import { engineVerb } from './verbs/engine.ts';
import { evaluateVerb } from './verbs/evaluate.ts';
import { exportVerb } from './verbs/export.ts';
import { explainVerb } from './verbs/explain.ts';
import { fineTuneVerb } from './verbs/fine-tune.ts';
import { predictVerb } from './verbs/predict.ts';
import { preflightVerb } from './verbs/preflight.ts';
import { presetsVerb } from './verbs/presets.ts';
import { runsVerb } from './verbs/runs.ts';
import { serveVerb } from './verbs/serve.ts';
import { sweepVerb } from './verbs/sweep.ts';
import { trainVerb } from './verbs/train.ts';
import { videoVerb } from './verbs/video.ts';
import { zooVerb } from './verbs/zoo.ts';

const verbs = [
  ...[engineVerb, dataVerb, presetsVerb, preflightVerb, trainVerb, fineTuneVerb, sweepVerb],
  ...[
    runsVerb,
    compareVerb,
    evaluateVerb,
    predictVerb,
    exportVerb,
    explainVerb,
    videoVerb,
    zooVerb,
    serveVerb,
    benchVerb,
  ],
];

/** Performs one command line; settles with its exit code: 0 done, 1 failed, 2 wrong usage, 130 cancelled. */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<number> {
  let code = 0;
  const program = new Command('heatlens')
    .description('Train image classifiers, see where they err: the engine of Heatlens without its window.')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void surroundings.stdout.write(text),
      writeErr: (text) => void surroundings.stderr.write(text),
    });
  for (const verb of verbs) {
    const command = verb(surroundings, (ended) => (code = ended));
    inherit(command, program);
    program.addCommand(command);
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    return thrown.exitCode === 0 ? 0 : 2;
  }
}

/** Commands made by themselves do not take over how their parent ends and writes. */
function inherit(command: Command, parent: Command): void {
  command.copyInheritedSettings(parent);
  for (const inner of command.commands) inherit(inner, command);
}
