import type { Engine } from '#contract/engine.ts';
import type { EngineBackendChoice } from '#contract/engine-status.ts';

/** An engine of our own, with a project open. */
export interface Connection {
  readonly engine: Engine;
  /** A picture by its address in `#contract/pictures.ts`. Fails: `engine/lost`, `internal` with what the engine says. */
  picture(address: string): Promise<Buffer>;
  /** Ends the engine; settles when it is gone. */
  close(): Promise<void>;
}

export interface ConnectOptions {
  readonly backend: EngineBackendChoice;
  /** Absent = the project that the window opens by default. */
  readonly project?: string;
}

export interface Stream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What the command line needs of the world around it; tests bring their own. */
export interface Surroundings {
  readonly stdout: Stream;
  readonly stderr: Stream;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Fails: `engine/lost`, and what opening the project may. */
  connect(options: ConnectOptions): Promise<Connection>;
}
