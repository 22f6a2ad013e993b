import type { EvaluationReport } from '#contract/evaluation.ts';
import type { App } from '#state/app.svelte.ts';
import type { Subject } from './subject.ts';

/**
 * Gives images another class, or leaves them out, says so with its undo, and measures anew: the report spoke of the
 * data as they were. Several images are one change. Fails: as the data set's calls.
 */
export async function correct(
  app: App,
  { classes }: Subject,
  { dataset, split }: EvaluationReport,
  indices: readonly number[],
  to: number | 'exclude',
): Promise<void> {
  const [first] = indices;
  if (first === undefined) return;
  const images = indices.map((index) => ({ split, index }));
  if (to === 'exclude') await app.link.engine.data.excludeImages({ dataset, images });
  else await app.link.engine.data.relabelImages({ dataset, images, label: to });
  await app.datasets.refresh();
  const words = { index: first, count: indices.length, label: typeof to === 'number' ? (classes[to] ?? to) : '' };
  const many = indices.length > 1 ? 'Many' : '';
  const told = app.t(`evaluate.correct.${to === 'exclude' ? 'excluded' : 'relabelled'}${many}`, words);
  app.toasts.undoable(told, () => {
    void app.attempt(async () => {
      await app.datasets.undoEdit(dataset);
      await app.evaluation.again();
    });
  });
  await app.evaluation.again();
}
