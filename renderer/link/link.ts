import { callsOver } from '#contract/calls.ts';
import type { Engine, engineContract } from '#contract/engine.ts';
import type { Abilities, EngineLife, Host, hostContract } from '#contract/host.ts';
import type { Port } from '#contract/port.ts';
import { laterPort, type LaterPort } from './later-port.ts';
import type { TakeOptions, Transport } from './transport.ts';

/** Milliseconds before another try when a connection ended though the engine or the host should be there. */
const retryAfter = 500;

/**
 * The page's one way out. Calls made while the engine starts wait for it; when it is lost, pending calls and those that
 * follow fail with `engine/lost`, until another is ready.
 */
export class Link {
  readonly #transport: Transport;
  readonly #hears = new Set<(life: EngineLife) => void>();
  #life: EngineLife = { state: 'starting', reason: '', generation: 0 };
  #line: LaterPort = laterPort();
  #engine = callsOver<typeof engineContract>(this.#line.port);
  #generation = 0;
  #host: Host;
  #abilities: Abilities | null = null;

  constructor(transport: Transport) {
    this.#transport = transport;
    this.#host = this.#reachHost();
  }

  /** Changes with every start of the engine: ask for it at each call. */
  get engine(): Engine {
    return this.#engine;
  }

  get host(): Host {
    return this.#host;
  }

  /** Known once `opened` has settled. */
  get abilities(): Abilities {
    if (!this.#abilities) throw new Error('The link is not open yet.');
    return this.#abilities;
  }

  get life(): EngineLife {
    return this.#life;
  }

  onLife(hear: (life: EngineLife) => void): () => void {
    this.#hears.add(hear);
    return () => this.#hears.delete(hear);
  }

  /** Settles when the host has answered. Fails: `engine/lost` when there is none. */
  async opened(): Promise<this> {
    this.#abilities = await this.#host.abilities();
    return this;
  }

  /** Settles when calls wait for the new engine. */
  async restartEngine(): Promise<void> {
    const { generation } = this.#life;
    await this.#host.restartEngine();
    if (this.#life.generation !== generation) return;
    await new Promise<void>((settle) => {
      const stop = this.onLife(() => {
        stop();
        settle();
      });
    });
  }

  /** Paths of files that were dropped or chosen, for the engine. Fails: `file/…`, `call/cancelled`. */
  take(files: readonly File[], options: TakeOptions = {}): Promise<string[]> {
    return this.#transport.take(files, options);
  }

  /** The same of what was dropped, folders as well; to be called while the drop is handled. */
  takeDropped(dropped: DataTransfer, options: TakeOptions = {}): Promise<string[]> {
    return this.#transport.takeDropped(dropped, options);
  }

  #reachHost(): Host {
    const port = this.#transport.connect('host');
    const host = callsOver<typeof hostContract>(port);
    void this.#follow(host);
    void port.closed.then(({ reason }) => this.#lostHost(reason));
    return host;
  }

  async #follow(host: Host): Promise<void> {
    try {
      for await (const life of await host.engineLife()) this.#live(life);
    } catch {
      // The host is gone; its port tells.
    }
  }

  #lostHost(reason: string): void {
    this.#live({ ...this.#life, state: 'lost', reason: `the host is gone: ${reason}` });
    setTimeout(() => (this.#host = this.#reachHost()), retryAfter);
  }

  #live(life: EngineLife): void {
    if (life.state === 'lost') this.#line.lose(life.reason);
    else if (this.#life.state === 'lost') this.#renew();
    if (life.state === 'ready' && life.generation !== this.#generation) {
      if (this.#generation !== 0 && this.#life.state === 'ready') this.#renew();
      this.#attach(life.generation);
    }
    if (life.state === 'lost') this.#generation = 0;
    this.#life = life;
    for (const hear of this.#hears) hear(life);
  }

  #renew(): void {
    this.#line = laterPort();
    this.#engine = callsOver<typeof engineContract>(this.#line.port);
  }

  #attach(generation: number): void {
    this.#generation = generation;
    const line = this.#line;
    const port: Port = this.#transport.connect('engine');
    line.attach(port);
    void port.closed.then(() => setTimeout(() => this.#attachAgain(line, generation), retryAfter));
  }

  /** The connection alone broke: the engine lives, as far as the host knows. */
  #attachAgain(line: LaterPort, generation: number): void {
    if (this.#line !== line || this.#life.state !== 'ready' || this.#life.generation !== generation) return;
    this.#renew();
    this.#attach(generation);
    for (const hear of this.#hears) hear(this.#life);
  }
}
