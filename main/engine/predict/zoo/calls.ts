import { AppError } from '#contract/failures.ts';
import type { KnownModel } from '#contract/models.ts';
import type { ZooEntry, ZooProgress } from '#contract/zoo.ts';
import type { Backend } from '#engine/backend/load.ts';
import { withProgress, type Tell } from '#engine/data/progress.ts';
import { recogniseWeights } from '#engine/model/zoo/recognise.ts';
import type { ZooShelf } from '#engine/model/zoo/shelf.ts';
import { wire } from '#engine/wire.ts';
import { measure } from './measure.ts';
import { Measurements } from './measurements.ts';
import { ZooWeights } from './zoo-weights.ts';

export interface ZooRoom {
  readonly shelf: ZooShelf;
  readonly backend: Pick<Backend, 'status' | 'use'>;
  /** Absent = what fetches from Keras' own place. */
  readonly weights?: ZooWeights;
  /** Fails with `run/active` while a run trains: measured meanwhile, every model would seem slow. */
  refuseWhileActive(): void;
}

export function zooCalls({ shelf, backend, weights = new ZooWeights({ shelf }), refuseWhileActive }: ZooRoom) {
  const measurements = new Measurements(shelf.folder, () => backend.status());
  const entry = (id: string): ZooEntry => {
    const milliseconds = measurements.of(id);
    return { ...shelf.entry(id), ...(milliseconds && { milliseconds }) };
  };
  const known = (id: string): KnownModel => {
    const found = shelf.known(id);
    if (found) return found;
    throw new AppError('zoo/not-here', `The weights of ${id} are not on this machine.`, { model: id });
  };
  return {
    list: wire.zoo.list.handler(() => shelf.entries().map(({ id }) => entry(id))),
    fetch: wire.zoo.fetch.handler(async function* ({ input: { id }, signal }) {
      if (shelf.here(shelf.find(id).id) !== 'no') return known(id);
      yield at('checking');
      const file = yield* staged('downloading', signal, (tell, stopping) => weights.download(id, tell, stopping));
      yield at('reading');
      yield* staged('reading', signal, (_tell, stopping) => weights.install(id, file, stopping));
      return known(id);
    }),
    install: wire.zoo.install.handler(async function* ({ input: { id, path }, signal }) {
      shelf.find(id);
      yield at('reading');
      yield* staged('reading', signal, (_tell, stopping) => weights.install(id, path, stopping));
      return known(id);
    }),
    recognise: wire.zoo.recognise.handler(async ({ input, signal }) => {
      const fetched = shelf.entries().filter(({ here }) => here !== 'inside');
      const definitions = fetched.map(({ id }) => shelf.find(id));
      const found = await recogniseWeights(input.path, definitions, signal);
      return found && { id: found.id };
    }),
    remove: wire.zoo.remove.handler(async ({ input: { id } }) => {
      await weights.remove(id);
      return entry(id);
    }),
    measure: wire.zoo.measure.handler(async function* ({ input: { ids }, signal }) {
      refuseWhileActive();
      const networks = ids.map((id) => [id, shelf.find(id).network()] as const);
      await backend.use('prediction');
      yield* staged('measuring', signal, async (tell, stopping) => {
        for (const [place, [id, spec]] of networks.entries()) {
          tell(place, networks.length);
          await measurements.keep(id, await measure(spec, stopping));
        }
        tell(networks.length, networks.length);
      });
      return ids.map(entry);
    }),
  };
}

const at = (stage: ZooProgress['stage']): ZooProgress => ({ stage, done: 0, total: null, secondsLeft: null });

async function* staged<T>(
  stage: ZooProgress['stage'],
  signal: AbortSignal | undefined,
  work: (tell: Tell, signal: AbortSignal) => Promise<T>,
): AsyncGenerator<ZooProgress, T> {
  const told = withProgress(signal, work);
  try {
    for (;;) {
      const next = await told.next();
      if (next.done) return next.value;
      yield { stage, ...next.value };
    }
  } finally {
    // Who leaves ends the work.
    await told.return(undefined as T);
  }
}
