import { spawn } from 'node:child_process';

export interface Ended {
  /** Null when a signal ended it, or when there is no such program. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly missing: boolean;
  readonly stdout: string;
  /** The last 16 KB: where compilers and pip say what went wrong. */
  readonly stderr: string;
}

const keep = 16 * 1024;

/**
 * Runs a program to its end. `hear` gets each whole line of its standard output and may end the program by returning
 * true. Never rejects for what the program does; rejects when `signal` aborts, after killing it.
 */
export async function runProgram(
  program: string,
  parameters: readonly string[],
  options: {
    readonly signal?: AbortSignal;
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly hear?: (line: string) => boolean;
  } = {},
): Promise<Ended> {
  const { signal, hear, cwd, env = process.env } = options;
  signal?.throwIfAborted();
  const child = spawn(program, parameters, {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    ...(cwd === undefined ? {} : { cwd }),
  });
  const kill = (): void => void child.kill('SIGKILL');
  signal?.addEventListener('abort', kill, { once: true });
  let stdout = '';
  let stderr = '';
  let line = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (!hear) stdout += text;
    const lines = (line + text).split(/[\r\n]+/);
    line = lines.pop() ?? '';
    if (hear && lines.some((whole) => hear(whole))) kill();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-keep);
  });
  const ended = await new Promise<Ended>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      resolve({ code: null, signal: null, missing: error.code === 'ENOENT', stdout, stderr: stderr || error.message });
    });
    child.once('close', (code, by) => resolve({ code, signal: by, missing: false, stdout, stderr }));
  });
  signal?.removeEventListener('abort', kill);
  signal?.throwIfAborted();
  return ended;
}

/** The lines of a program's complaint that say what is wrong, for a sentence. */
export function lastWords(text: string, lines = 3): string {
  const whole = text.split(/\r?\n/).filter((each) => each.trim() !== '');
  const telling = whole.filter((each) => /error|fatal|cannot|not found/i.test(each));
  return (telling.length > 0 ? telling : whole).slice(-lines).join(' ').slice(0, 500);
}
