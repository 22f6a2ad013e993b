import type { EngineBackendChoice } from '#contract/engine-status.ts';
import { AppError, toFailure } from '#contract/failures.ts';
import { failureJson, hintOf, sentenceOf } from './failure.ts';
import { Progress } from './progress.ts';
import type { Connection, Surroundings } from './session.ts';

/** Options that every verb takes. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly jsonl?: boolean;
  readonly backend: EngineBackendChoice;
  readonly project?: string;
}

export interface Result<T> {
  /** What `--json` prints. */
  readonly value: T;
  /** What people read. */
  readonly text: () => string;
}

/** One verb at work: its engine, its progress, its events. */
export class Task {
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly #surroundings: Surroundings;
  readonly #options: CommonOptions;
  readonly #ending: (() => Promise<void>)[] = [];
  #printed = false;

  constructor(surroundings: Surroundings, options: CommonOptions) {
    this.signal = surroundings.signal;
    this.progress = new Progress(surroundings.stderr);
    this.#surroundings = surroundings;
    this.#options = options;
  }

  /** An engine with this project open (absent: as the options say); ended with the task. */
  async engine(project?: string): Promise<Connection['engine']> {
    return (await this.connection(project)).engine;
  }

  /** The same with its pictures. */
  async connection(project = this.#options.project): Promise<Omit<Connection, 'close'>> {
    this.signal.throwIfAborted();
    const { backend } = this.#options;
    const connection = await this.#surroundings.connect({ backend, ...(project === undefined ? {} : { project }) });
    this.#ending.push(() => connection.close());
    return connection;
  }

  /** Done at the end, last first, whatever happens. */
  atEnd(act: () => Promise<void>): void {
    this.#ending.push(act);
  }

  /** Ends engines, removes temporary things. */
  async finish(): Promise<void> {
    for (const act of this.#ending.splice(0).reverse()) await act().catch(() => undefined);
  }

  /** With `--jsonl`, one line on stdout. */
  event(event: object): void {
    if (this.#options.jsonl) this.#surroundings.stdout.write(`${JSON.stringify(event)}\n`);
  }

  /** `--json` promises one value: a failure after the result is told on stderr alone. */
  get printed(): boolean {
    return this.#printed;
  }

  print({ value, text }: Result<unknown>): void {
    this.#printed = true;
    this.progress.clear();
    const { jsonl, json } = this.#options;
    if (jsonl) this.event({ kind: 'result', result: value });
    else this.#surroundings.stdout.write(`${json ? JSON.stringify(value) : text()}\n`);
  }
}

/**
 * Runs one verb from engine to exit code: 0 done, 1 failed, 130 cancelled. The engine is gone before the result is
 * printed, so that whoever reads it may use the same project at once.
 */
export async function perform<T>(
  surroundings: Surroundings,
  options: CommonOptions,
  act: (task: Task) => Promise<Result<T>>,
): Promise<number> {
  const task = new Task(surroundings, options);
  try {
    const result = await act(task).finally(() => task.finish());
    task.signal.throwIfAborted();
    task.print(result);
    return 0;
  } catch (thrown) {
    return fail(surroundings, options, task, thrown);
  }
}

function fail({ stdout, stderr, signal }: Surroundings, options: CommonOptions, task: Task, thrown: unknown): number {
  const failure = toFailure(signal.aborted ? new AppError('call/cancelled', 'The call was cancelled.') : thrown);
  task.progress.clear();
  const hint = hintOf(failure.code);
  stderr.write(`${sentenceOf(failure)}\n${hint ? `${hint}\n` : ''}`);
  if ((options.json || options.jsonl) && !task.printed) stdout.write(`${JSON.stringify(failureJson(failure))}\n`);
  return failure.code === 'call/cancelled' ? 130 : 1;
}
