import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { forgetProcess, rememberProcess } from './process-records.ts';
import { starting } from './starting.ts';
import type { Tools } from './tools.ts';

/** Characters of the end of what a process said that are kept for a failure's reason. */
const tailLength = 4000;

export interface Ended {
  /** Exit status; null when it was killed. */
  readonly code: number | null;
  /** The last of what it said. */
  readonly tail: string;
  /** It never started: no such program, or the system refused. */
  readonly failed?: Error;
}

/** A child that was started, watched to its end; at least one pipe ties it to us. */
export interface Supervised {
  readonly stdin: Writable | null;
  readonly stdout: Readable;
  readonly ended: Promise<Ended>;
  /** At once; nothing it made is kept, so that it need not be asked. Settles when it is gone. */
  end(): Promise<Ended>;
}

export interface Supervision {
  readonly tools: Tools;
  readonly program?: 'ffmpeg' | 'ffprobe';
  readonly signal: AbortSignal;
  /** Whether we write to it. */
  readonly input?: boolean;
  /** Hears each line of its stderr; what it returns false for does not go into the tail. */
  readonly line?: (line: string) => boolean;
}

/**
 * Starts ffmpeg or ffprobe without a shell. What it says is always read, or it would stop when the pipe is full. Ends with
 * the signal, and with this process, however that ends.
 */
export function supervise(args: readonly string[], options: Supervision): Supervised {
  const { tools, program = 'ffmpeg', signal, input = false, line } = options;
  signal.throwIfAborted();
  const [command = '', ...words] = [...tools.leash, tools[program], ...args];
  const child = starting(() =>
    spawn(command, words, { stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe'], windowsHide: true }),
  );
  const { stdin, stdout, stderr } = child as ChildProcess & { stdout: Readable; stderr: Readable };
  let tail = '';
  const lines = lineReader((each) => {
    if (line?.(each) ?? true) tail = `${tail}${each}\n`.slice(-tailLength);
  });
  stderr.setEncoding('utf8').on('data', lines.take).on('end', lines.end);
  // It may end while we write to it or while a read is left: `ended` tells the story.
  for (const stream of [stdin, stdout, stderr]) stream?.on('error', () => undefined);
  const { pid } = child;
  const record = pid === undefined ? null : rememberProcess(pid);
  const kill = () => void child.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  const ended = new Promise<Ended>((resolve) => {
    let failed: Error | undefined;
    const settle = (code: number | null) => {
      signal.removeEventListener('abort', kill);
      if (record) forgetProcess(record);
      resolve({ code, tail: tail.trim(), ...(failed && { failed }) });
    };
    child.on('error', (error) => {
      failed = error;
      if (pid === undefined) settle(null);
    });
    // `close` would wait for a reader of stdout that may never come.
    child.on('exit', (code) => {
      stdin?.destroy();
      if (stderr.readableEnded || stderr.destroyed) settle(code);
      else stderr.once('close', () => settle(code));
    });
  });
  const end = () => {
    stdout.destroy();
    stdin?.destroy();
    kill();
    return ended;
  };
  return { stdin: stdin ?? null, stdout, ended, end };
}

/** Whole lines out of pieces; ffmpeg ends its progress lines by a carriage return. */
function lineReader(hear: (line: string) => void): { take: (text: string) => void; end: () => void } {
  let rest = '';
  const take = (text: string) => {
    const lines = (rest + text).split(/[\r\n]+/);
    rest = lines.pop() ?? '';
    for (const each of lines) if (each !== '') hear(each);
  };
  const end = () => {
    if (rest !== '') hear(rest);
    rest = '';
  };
  return { take, end };
}

/** Runs it to its end. @returns what it wrote to stdout, at most `most` characters, and how it ended */
export async function collect(args: readonly string[], options: Supervision & { most?: number }) {
  const child = supervise(args, options);
  const { most = 2 ** 25 } = options;
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    if (text.length < most) text += piece;
    else void child.end();
  });
  const read = new Promise<void>((resolve) => child.stdout.once('close', resolve));
  const ended = await child.ended;
  await read;
  options.signal.throwIfAborted();
  return { ...ended, text };
}
