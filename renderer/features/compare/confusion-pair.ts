import type { EvaluationReport } from '#contract/evaluation.ts';
import type { RunSummary } from '#contract/training.ts';

/**
 * The two runs whose matrices stand beside each other: those wanted, else the reference and the first that is another.
 * Fewer where there are fewer.
 */
export function twoRuns(
  runs: readonly RunSummary[],
  wanted: { readonly left: string | null; readonly right: string | null },
  reference: string | null,
): RunSummary[] {
  const find = (id: string | null) => runs.find((run) => run.id === id);
  const left = find(wanted.left) ?? find(reference) ?? runs[0];
  const right = find(wanted.right) ?? runs.find((run) => run.id !== left?.id);
  return [left, right].filter((run) => run !== undefined);
}

/** Whether one can be taken from the other: a cell must mean the same in both. */
export function sameClasses(
  a: Pick<EvaluationReport, 'perClass'> | null | undefined,
  b: Pick<EvaluationReport, 'perClass'> | null | undefined,
): boolean {
  const names = (report: Pick<EvaluationReport, 'perClass'>) => report.perClass.map((one) => one.class).join('\n');
  return Boolean(a && b && names(a) === names(b));
}
