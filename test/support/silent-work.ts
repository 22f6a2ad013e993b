import type { ProvisionProgress } from '#contract/engine-status.ts';
import { workFor, type Work } from '#engine/backend/provision/work.ts';

/** Work whose progress is kept to be looked at. */
export function silentWork(signal: AbortSignal = new AbortController().signal): Work & { told: ProvisionProgress[] } {
  const told: ProvisionProgress[] = [];
  return { ...workFor((progress) => told.push(progress), signal), told };
}
