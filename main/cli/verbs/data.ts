import { Command } from 'commander';
import type { Verb } from '../options.ts';
import { exportVerb } from './data/export.ts';
import { inspectVerb } from './data/inspect.ts';
import { previewVerb } from './data/preview.ts';

export const dataVerb: Verb = (...world) =>
  [inspectVerb, exportVerb, previewVerb].reduce(
    (all, verb) => all.addCommand(verb(...world)),
    new Command('data').description('Look at data sets, write them as files, see them augmented.').helpCommand(false),
  );
