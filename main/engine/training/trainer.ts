import { randomUUID } from 'node:crypto';
import { EventPublisher } from '@orpc/server';
import { AppError } from '#contract/failures.ts';
import type {
  BatchRecord,
  Preflight,
  RunEvent,
  RunProgress,
  RunSummary,
  SweepAxis,
  TrainingSettings,
} from '#contract/training.ts';
import type { ImageShape, NetworkSpec } from '#engine/model/spec.ts';
import { Admission, type AdmissionParts, type Asked } from './admission.ts';
import type { Checkpoint } from './checkpoint.ts';
import { checkContinuable } from './continuation.ts';
import { firstImages, type ImageSettings } from './first-images.ts';
import { planRun, stepsPerEpoch, type Plan } from './plan.ts';
import { preflight } from './preflight.ts';
import { RunQueue } from './queue.ts';
import { failureOf } from './run-failure.ts';
import { RunSession, type TrainingSurroundings } from './run-session.ts';
import { readRunSpec } from './run-spec.ts';
import { isActive } from './run-store.ts';
import { previewOf } from './schedule.ts';
import { sweepRuns } from './sweep.ts';

export type TrainerParts = TrainingSurroundings & AdmissionParts;

/** Trains one run at a time, the queued ones in their order, and tells what happens to them. */
export class Trainer {
  readonly #parts: TrainerParts;
  readonly #admission: Admission;
  readonly #queue: RunQueue;
  readonly #events = new EventPublisher<Record<string, RunEvent>>({ maxBufferedEvents: 1000 });
  /** Orders are carried out one after the other, so that two at once cannot both find the engine free. */
  #orders: Promise<unknown> = Promise.resolve();
  #closed = false;
  #session: RunSession | null = null;
  #ended: Promise<void> = Promise.resolve();

  /** Runs that are queued now wait for `goOn`. */
  constructor(parts: TrainerParts) {
    this.#parts = parts;
    this.#admission = new Admission(parts);
    this.#queue = new RunQueue(parts.store);
  }

  get active(): boolean {
    return this.#session !== null;
  }

  /** Where this run stands, if it is under way, and its batches that are not on disk yet. */
  underWay(run: string): { progress: RunProgress; batches: readonly BatchRecord[] } | null {
    const session = this.#session;
    return session?.id === run ? { progress: session.progress, batches: session.batches } : null;
  }

  /**
   * Accepts a run and begins it. Fails: `train/busy`, `train/settings`, `train/no-images`, `train/out-of-memory`,
   * `engine/cannot-train`, `data/…`, `model/…`, `file/…`.
   */
  start(settings: TrainingSettings): Promise<RunSummary> {
    return this.#inTurn(async () => {
      await this.#refuseBusy();
      const plan = await this.#admission.accept(settings);
      await this.#parts.backend.use('gradients');
      const run = await this.#admission.create({ settings }, plan, { state: 'preparing' });
      this.#begin(run, plan);
      return run;
    });
  }

  /** Accepts a run that begins when those before it have ended. Fails: as `start`, but never `train/busy`. */
  async enqueue(settings: TrainingSettings): Promise<RunSummary> {
    return this.#enqueueAll([{ settings }]).then(([run]) => run as RunSummary);
  }

  /** All of them or none. Fails: `train/settings` naming the axis, and as `enqueue`. */
  sweep(settings: TrainingSettings, axes: readonly SweepAxis[]): Promise<RunSummary[]> {
    const id = randomUUID();
    return this.#inTurn(() => Promise.resolve(sweepRuns(settings, axes))).then((runs) =>
      this.#enqueueAll(runs.map((run) => ({ settings: run.settings, sweep: { id, values: run.values } }))),
    );
  }

  /** Fails: `run/unknown`, `file/…`; a run that is not queued has no place. */
  async moveInQueue(id: string, place: number): Promise<void> {
    this.#parts.store.get(id);
    await this.#inTurn(async () => {
      for (const run of await this.#queue.move(id, place)) this.#tell(run);
    });
  }

  /** Queued runs of an earlier process may begin. */
  goOn(): void {
    this.#queue.goOn();
    this.#next();
  }

  /** Takes a run up at its last checkpoint. Fails: `run/cannot-continue`, `run/unknown`, `train/busy`, and as `start`. */
  continue(id: string): Promise<RunSummary> {
    return this.#inTurn(async () => {
      await this.#refuseBusy();
      const { store, backend, report } = this.#parts;
      const run = store.get(id);
      const data = await this.#parts.dataset(run.settings.dataset);
      const from = await checkContinuable(run, store.folder(id), data);
      for (const { file, reason } of from.passedOver) report(new Error(`${file} is passed over: ${reason}.`));
      const plan = planRun(run.settings, data, backend, await readRunSpec(run, store.folder(id)));
      await backend.use('gradients');
      const taken = await store.change(id, { state: 'preparing', failure: undefined, ended: undefined });
      this.#begin(taken, plan, from);
      return taken;
    });
  }

  /** The network that a run has, and the images it takes. Fails: `run/unknown`, `run/torn`, `model/unknown-preset`. */
  async network(id: string): Promise<{ spec: NetworkSpec; images: Omit<ImageShape, 'classes'> }> {
    const run = this.#parts.store.get(id);
    const spec = await readRunSpec(run, this.#parts.store.folder(id));
    const [height, width, channels] = spec.input;
    return { spec, images: run.images ?? { height, width, channels } };
  }

  /** Fails: as `start`. */
  preflight(settings: TrainingSettings): Promise<Preflight> {
    return this.#inTurn(async () => {
      await this.#refuseBusy();
      const plan = await this.#admission.plan(settings);
      return preflight({ ...this.#parts, settings, plan, memory: await this.#admission.memory() });
    });
  }

  /** Fails: `data/…`, `train/settings`, `train/no-images`. */
  async schedulePreview(settings: TrainingSettings): Promise<{ epoch: number; learningRate: number }[]> {
    return previewOf(settings, stepsPerEpoch(settings, await this.#admission.plan(settings)));
  }

  /** The first images that they train on, in their order. Fails: `data/…`, `train/no-images`. */
  async firstImages(settings: ImageSettings, count: number): Promise<{ index: number; label: string }[]> {
    return firstImages(settings, await this.#parts.dataset(settings.dataset), count);
  }

  /** These three fail: `run/unknown`; a run that is not active stays as it is. */
  pause(id: string): Promise<RunSummary> {
    return this.#order(id, (session) => session.pause());
  }

  /** Of a queued run: the word for the queue to go on. */
  async resume(id: string): Promise<RunSummary> {
    if (this.#parts.store.get(id).state === 'queued') this.goOn();
    return this.#order(id, (session) => session.resume());
  }

  /** A queued run leaves the queue. */
  async stop(id: string, when: 'now' | 'epoch-end'): Promise<RunSummary> {
    await this.#inTurn(async () => {
      const { store } = this.#parts;
      if (store.get(id).state === 'queued') this.#tell(await store.change(id, { state: 'stopped', queued: undefined }));
    });
    return this.#order(id, (session) => session.stop(when));
  }

  /** Fails: `run/unknown`, `run/active`, `file/…`. */
  async discard(id: string): Promise<void> {
    await this.#inTurn(async () => {
      const run = this.#parts.store.get(id);
      await this.#parts.store.discard(id);
      // In the trash it stays queued, and comes back as such; who watches it hears the end.
      if (run.state === 'queued') this.#tell({ ...run, state: 'stopped' });
    });
  }

  /** A run that was queued is so again. Fails: `run/unknown`. */
  async restore(id: string): Promise<RunSummary> {
    const run = await this.#inTurn(() => this.#parts.store.restore(id));
    this.#next();
    return run;
  }

  /** What happens to this run from now on; ends with the run. Fails: `run/unknown`. */
  watch(id: string, signal: AbortSignal | undefined): AsyncGenerator<RunEvent, void> {
    // Subscribed before the answer leaves, not at the first pull: nothing is lost between two calls of a page.
    const run = this.#parts.store.get(id);
    return untilEnded(isOver(run) ? [] : this.#events.subscribe(id, signal ? { signal } : {}));
  }

  /**
   * Ends what runs after its batch, keeping its weights; it is then "interrupted". Queued runs stay so. Nothing starts any
   * more.
   */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#orders;
    this.#session?.interrupt();
    await this.#ended.catch(this.#parts.report);
  }

  #enqueueAll(asked: readonly Asked[]): Promise<RunSummary[]> {
    const queued = this.#inTurn(async () => {
      this.#refuseClosed();
      const plans: Plan[] = [];
      for (const { settings } of asked) plans.push(await this.#admission.accept(settings));
      const runs: RunSummary[] = [];
      try {
        for (const [place, plan] of plans.entries()) {
          const each = asked[place];
          if (each) runs.push(await this.#admission.create(each, plan, { state: 'queued', queued: this.#queue.last }));
        }
      } catch (thrown) {
        for (const { id } of runs) await this.#parts.store.discard(id).catch(this.#parts.report);
        throw thrown;
      }
      return runs;
    });
    queued.then(
      () => this.#next(),
      () => undefined,
    );
    return queued;
  }

  #begin(run: RunSummary, plan: Plan, from: Checkpoint | null = null): void {
    const tell = (event: RunEvent) => this.#events.publish(run.id, event);
    const session = new RunSession(run, { ...this.#parts, ...plan, tell }, from);
    this.#session = session;
    this.#ended = session.run().finally(() => {
      if (this.#session === session) this.#session = null;
      this.#next();
    });
  }

  /** Begins the next queued run, if nothing trains; one that cannot begin has failed, and the one after it is tried. */
  #next(): void {
    if (!this.#queue.next) return;
    this.#inTurn(async () => {
      for (let run = this.#queue.next; run && !this.#closed && !this.#session; run = this.#queue.next) {
        await this.#beginQueued(run);
      }
    }).catch(this.#parts.report);
  }

  async #beginQueued(queued: RunSummary): Promise<void> {
    const { id, settings, dataHash } = queued;
    const { store, report } = this.#parts;
    try {
      const plan = await this.#admission.accept(settings, await readRunSpec(queued, store.folder(id)));
      await this.#parts.backend.use('gradients');
      const { summary, classes } = plan.data;
      // Images may have come or gone while it waited: it is trained on what there is, and says so.
      const changed = summary.hash === dataHash ? {} : { dataHash: summary.hash, classes: [...classes] };
      const run = await store.change(id, { ...changed, state: 'preparing', queued: undefined });
      this.#tell(run);
      this.#begin(run, plan);
    } catch (thrown) {
      report(thrown);
      const failed = { state: 'failed', failure: failureOf(thrown), queued: undefined } as const;
      this.#tell(await store.change(id, failed).catch(() => store.note(id, failed)));
    }
  }

  async #order(id: string, give: (session: RunSession) => Promise<void>): Promise<RunSummary> {
    const run = this.#parts.store.get(id);
    if (this.#session?.id !== run.id) return run;
    await give(this.#session);
    return this.#parts.store.get(id);
  }

  #inTurn<T>(order: () => Promise<T>): Promise<T> {
    const done = this.#orders.then(order);
    this.#orders = done.catch(() => undefined);
    return done;
  }

  #tell(run: RunSummary): void {
    this.#events.publish(run.id, { kind: 'run', run });
  }

  #refuseClosed(): void {
    if (this.#closed) throw new AppError('engine/not-ready', 'The project is being closed.');
  }

  async #refuseBusy(): Promise<void> {
    this.#refuseClosed();
    // Who hears that a run has ended may begin the next one, though the old one is still being cleared away.
    if (this.#session && isOver(this.#parts.store.get(this.#session.id))) await this.#ended;
    this.#refuseClosed();
    if (!this.#session) return;
    const run = this.#session.id;
    throw new AppError('train/busy', `Run ${run} is training; one run trains at a time.`, {
      run: this.#parts.store.get(run).name,
    });
  }
}

const isOver = (run: RunSummary) => run.state !== 'queued' && !isActive(run);

async function* untilEnded(events: AsyncIterable<RunEvent> | readonly RunEvent[]): AsyncGenerator<RunEvent, void> {
  for await (const event of events) {
    yield event;
    if (event.kind === 'run' && isOver(event.run)) return;
  }
}
