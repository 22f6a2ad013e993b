import type { EnsembleReport, EvaluationReport } from '#contract/evaluation.ts';
import type { KnownModel } from '#contract/models.ts';
import type { RunSummary } from '#contract/training.ts';

/** Whose figures are looked at: a run, or several together. */
export interface Subject {
  /** As `imageQuery.run` takes it. */
  readonly id: string;
  readonly name: string;
  readonly classes: readonly string[];
  readonly datasetName: string;
  /** Absent for an ensemble: it is not trained again as one. */
  readonly run?: RunSummary;
}

export const subjectOf = (run: RunSummary): Subject => ({
  id: run.id,
  name: run.name,
  classes: run.classes,
  datasetName: run.datasetName,
  run,
});

/** A model that was not trained here, on images of a data set; the report's classes begin with the set's. */
export const subjectOn = (model: KnownModel, report: EvaluationReport, datasetName: string): Subject => ({
  id: model.ref,
  name: model.name,
  classes: report.perClass.map((each) => each.class),
  datasetName,
});

export const isEnsemble = (report: EvaluationReport): report is EnsembleReport => 'members' in report;
