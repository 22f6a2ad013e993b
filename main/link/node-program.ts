import { spawnSync } from 'node:child_process';

/** The engine's libraries need it. */
export const oldestNode = 20;

/**
 * A plain Node that can run the engine: `HEATLENS_NODE`, else the one that runs this or npm, else `node` on the PATH.
 * Throws with a sentence when none is new enough.
 */
export function nodeProgram(env: NodeJS.ProcessEnv = process.env): string {
  if (env['HEATLENS_NODE']) return env['HEATLENS_NODE'];
  if (!process.versions['electron']) return process.execPath;
  const candidates = [env['npm_node_execpath'], 'node'].filter((program) => program !== undefined);
  const found = candidates.map((program) => ({ program, major: majorOf(program) }));
  const fit = found.find(({ major }) => major >= oldestNode);
  if (fit) return fit.program;
  const seen = found.filter(({ major }) => major > 0).map(({ program, major }) => `${program} is Node ${major}`);
  throw new Error(
    `The engine needs Node ${oldestNode} or newer beside this Electron; ${seen.join(', ') || 'none was found'}.`,
  );
}

/** 0 when it does not run. */
function majorOf(program: string): number {
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8', timeout: 5000 });
  return Number(/^v(\d+)\./.exec(stdout ?? '')?.[1] ?? 0);
}
