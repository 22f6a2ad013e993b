import { wire } from '#engine/wire.ts';
import type { Evaluator } from './evaluator.ts';

export function evaluationCalls({ evaluator }: { evaluator(): Evaluator }) {
  return {
    kept: wire.evaluation.kept.handler(({ input }) => evaluator().kept(input)),
    measure: wire.evaluation.measure.handler(({ input, signal }) => evaluator().measure(input, signal)),
    calibration: wire.evaluation.calibration.handler(({ input }) => evaluator().calibration(input)),
    thresholds: wire.evaluation.thresholds.handler(({ input }) => evaluator().thresholds(input, input.class)),
    ensemble: wire.evaluation.ensemble.handler(({ input, signal }) => evaluator().ensemble(input, signal)),
  };
}
