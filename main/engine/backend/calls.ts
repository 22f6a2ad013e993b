import type { ProvisionProgress } from '#contract/engine-status.ts';
import { wire } from '#engine/wire.ts';
import type { Backend } from './load.ts';
import { provision, type Provisioned, type ProvisionOptions } from './provision/provision.ts';

export function engineCalls({ backend }: { backend: Pick<Backend, 'status'> }) {
  return {
    status: wire.engine.status.handler(() => backend.status()),
    provision: wire.engine.provision.handler(({ signal }) => provisioning(signal)),
  };
}

/** Provisioning as a stream: its progress, then its result. Leaving the stream ends the work. */
export async function* provisioning(
  signal: AbortSignal | undefined,
  work: (options: ProvisionOptions) => Promise<Provisioned> = provision,
): AsyncGenerator<ProvisionProgress, Provisioned> {
  const left = new AbortController();
  const news: ProvisionProgress[] = [];
  let wake = (): void => undefined;
  let ended = false;
  const result = work({
    signal: signal ? AbortSignal.any([signal, left.signal]) : left.signal,
    report: (progress) => {
      news.push(progress);
      wake();
    },
  }).finally(() => {
    ended = true;
    wake();
  });
  result.catch(() => undefined); // awaited below, or nobody waits any more
  try {
    while (!ended || news.length > 0) {
      const next = news.shift();
      if (next) yield next;
      else if (!ended) await new Promise<void>((settle) => (wake = settle));
    }
    return await result;
  } finally {
    left.abort();
  }
}
