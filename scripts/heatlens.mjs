// npm run --silent heatlens -- VERB …: the command line, built first if need be. Only the command line writes to stdout.
import { join } from 'node:path';
import { build } from './build.mjs';
import { install } from './install.mjs';
import { requireNode } from './node-version.mjs';
import { root } from './places.mjs';
import { runNode, say } from './run.mjs';

requireNode();
try {
  await install();
  await build();
  process.on('SIGINT', () => {}); // Ctrl-C reaches the command line by itself, which ends with 130
  const cwd = process.env.INIT_CWD ?? process.cwd(); // npm changes to the root; paths are meant from where one stands
  const { code } = await runNode(join(root, 'out', 'main', 'cli.cjs'), process.argv.slice(2), {
    stdout: 'inherit',
    cwd,
  });
  process.exitCode = code;
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
