import { isFailureCode, type Failure } from '#contract/failures.ts';
import type { RunSummary } from '#contract/training.ts';

/** A failure that a run keeps; a code from a newer Heatlens is told with its own message. */
export function told({ code, message, details }: NonNullable<RunSummary['failure']>): Failure {
  return { code: isFailureCode(code) ? code : 'internal', message, details: { reason: message, ...details } };
}
