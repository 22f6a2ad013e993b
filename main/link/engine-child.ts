import { cpus } from 'node:os';
import type { EngineArguments, EngineMessage } from '#contract/engine-process.ts';
import type { Port } from '#contract/port.ts';

/** One engine process, however it was started. */
export interface EngineChild {
  readonly pid: number | undefined;
  /** A port that ends with the process. */
  connect(): Port;
  /** Gives the engine the far end of a channel of Electron's directly; absent where the transport cannot. */
  readonly hand?: (port: unknown) => void;
  /** Asks it to save and go. */
  end(): void;
  /** Ends it at once, even if it is stopped or hangs. */
  kill(): void;
}

export interface ChildHears {
  said(message: EngineMessage): void;
  /** One line of its stdout. */
  line(text: string): void;
  /** It is gone; called once. */
  exited(how: string): void;
}

/** Fails synchronously, with a sentence, when there is nothing to start it with. */
export type LaunchEngine = (args: EngineArguments, hears: ChildHears) => EngineChild;

/** Calls `line` for each whole line of a stream of text. */
export function linesOf(stream: NodeJS.ReadableStream, line: (text: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(line);
  });
}

/**
 * Images are decoded in libuv's threads, of which there are four unless it is told otherwise before it starts: on a
 * machine with more cores the others would do nothing. (`availableParallelism` is not in the Node of older Electrons.)
 */
export function engineEnvironment(): Record<string, string> {
  const own = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { UV_THREADPOOL_SIZE: String(Math.max(4, cpus().length + 2)), ...Object.fromEntries(own) };
}
