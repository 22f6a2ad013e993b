import { rm } from 'node:fs/promises';
import path from 'node:path';
import { endSeconds, type EngineArguments, type EngineMessage } from '#contract/engine-process.ts';
import { toFailure } from '#contract/failures.ts';
import type { EngineLife } from '#contract/host.ts';
import { madePort } from '#contract/made-port.ts';
import type { Port } from '#contract/port.ts';
import type { EngineChild, LaunchEngine } from './engine-child.ts';
import { Health, lookEvery } from './health.ts';

export interface EngineOptions {
  readonly launch: LaunchEngine;
  /** Asked at each start, so that a changed preference holds after a restart. */
  readonly args: () => EngineArguments;
  /** For the host's log. */
  readonly report?: (sentence: string) => void;
}

/** A process that runs, with what is known of it. */
interface Running {
  readonly child: EngineChild;
  readonly health: Health;
  /** Its end becomes known, by its own exit or because it was given up; only the first reason counts. */
  readonly lost: (reason: string) => void;
}

/** Starts the engine, watches it, and starts another when asked. The end of one is ordinary: nothing here throws for it. */
export class EngineProcess {
  readonly #options: EngineOptions;
  readonly #hears = new Set<(life: EngineLife) => void>();
  #life: EngineLife = { state: 'lost', reason: 'it was not started yet', generation: 0 };
  #running: Running | null = null;
  #pictures: string | null = null;
  /** The last process has exited; a lost one may take a moment, and holds its project until then. */
  #gone: Promise<void> = Promise.resolve();
  #restarting: Promise<void> | null = null;
  #closed = false;

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  get life(): EngineLife {
    return this.#life;
  }

  /** Where it answers pictures; null while it does not. */
  get pictures(): string | null {
    return this.#pictures;
  }

  /** What it is busy with now, e.g. `training step`. */
  get busy(): string | null {
    return this.#running?.health.busy ?? null;
  }

  get pid(): number | undefined {
    return this.#running?.child.pid;
  }

  /** Returns the function that stops listening. */
  onLife(hear: (life: EngineLife) => void): () => void {
    this.#hears.add(hear);
    return () => this.#hears.delete(hear);
  }

  /** Settles when the engine is ready or lost. */
  async settled(): Promise<EngineLife> {
    if (this.#life.state !== 'starting') return this.#life;
    return new Promise((resolve) => {
      const stop = this.onLife((life) => {
        if (life.state === 'starting') return;
        stop();
        resolve(life);
      });
    });
  }

  start(): void {
    if (this.#running || this.#closed) return;
    this.#tell('starting', '', this.#life.generation + 1);
    try {
      this.#running = this.#launch();
    } catch (thrown) {
      this.#tell('lost', toFailure(thrown).message);
    }
  }

  /** A port to the engine; it ends with the process. One asked for while there is none ends at once. */
  connect(): Port {
    if (this.#running) return this.#running.child.connect();
    const { port, ended } = madePort({ post: () => undefined, close: () => undefined });
    ended(this.#life.reason);
    return port;
  }

  /** Gives the engine a channel of Electron's. False: this transport cannot, join it with `connect()`. */
  hand(port: unknown): boolean {
    const hand = this.#running?.child.hand;
    hand?.(port);
    return hand !== undefined;
  }

  /** Ends the engine if it lives and starts another. */
  restart(): Promise<void> {
    this.#restarting ??= this.#end('it was restarted').then(() => {
      this.#restarting = null;
      this.start();
    });
    return this.#restarting;
  }

  /** Ends the engine for good; it has `endSeconds` to save. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#end('the host ended it');
  }

  async #end(reason: string): Promise<void> {
    const running = this.#running;
    running?.child.end();
    const late = setTimeout(() => running?.lost(reason), (endSeconds + 0.5) * 1000);
    await this.#gone;
    clearTimeout(late);
  }

  #launch(): Running {
    const health = new Health(performance.now());
    let exited: () => void = () => undefined;
    const gone = new Promise<void>((resolve) => (exited = resolve));
    const child = this.#options.launch(this.#options.args(), {
      said: (message) => this.#said(running, message),
      line: (text) => void health.take(text, performance.now()),
      exited: (how) => {
        running.lost(how);
        exited();
      },
    });
    const watch = setInterval(() => {
      const reason = health.look(performance.now());
      if (reason) running.lost(reason);
    }, lookEvery);
    const lost = once((reason: string) => {
      clearInterval(watch);
      child.kill();
      this.#lose(reason);
    });
    const running: Running = { child, health, lost };
    this.#gone = gone;
    return running;
  }

  #said(running: Running, message: EngineMessage): void {
    if (this.#running !== running) return;
    running.health.hear(performance.now());
    if (message.kind === 'failed') return running.lost(message.reason);
    this.#pictures = message.pictures;
    this.#tell('ready', '');
  }

  #lose(reason: string): void {
    this.#running = null;
    // A killed engine cannot tidy up its socket; its folder held nothing else.
    if (this.#pictures && process.platform !== 'win32') {
      void rm(path.dirname(this.#pictures), { recursive: true, force: true });
    }
    this.#pictures = null;
    this.#tell('lost', reason);
  }

  #tell(state: EngineLife['state'], reason: string, generation = this.#life.generation): void {
    this.#life = { state, reason, generation };
    this.#options.report?.(`engine ${generation} ${state}${reason && `: ${reason}`}`);
    for (const hear of this.#hears) hear(this.#life);
  }
}

function once<A>(act: (argument: A) => void): (argument: A) => void {
  let done = false;
  return (argument) => {
    if (done) return;
    done = true;
    act(argument);
  };
}
