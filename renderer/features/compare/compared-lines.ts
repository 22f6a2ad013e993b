import type { ComparedCurve, ComparedLine } from '#contract/comparison.ts';
import type { Line } from '#ui/line-data.ts';

export interface LinesChoice {
  readonly axis: 'step' | 'epoch' | 'seconds';
  /** A few epochs among thousands of batches are not smoothed with the batches' weight. */
  readonly by: 'epoch' | 'batch';
  readonly nameOf: (run: string) => string;
  readonly seriesOf: (run: string) => number;
  readonly words: { readonly train: string; readonly validation: string };
}

/** A solid line of training and a dashed one of held-out images a run, both in its colour. */
export function comparedLines(curves: readonly ComparedCurve[], choice: LinesChoice): Line[] {
  const { axis, by, nameOf, seriesOf, words } = choice;
  const named = new Map<string, number>();
  return curves.flatMap(({ run, train, validation }) => {
    // Runs may have one name: the file's columns must not.
    const seen = (named.get(nameOf(run)) ?? 0) + 1;
    named.set(nameOf(run), seen);
    const name = seen > 1 ? `${nameOf(run)} (${seen})` : nameOf(run);
    const line = (of: ComparedLine, word: string, dashed: boolean): Line => ({
      ...{ label: `${name} · ${word}`, series: seriesOf(run), dashed, x: of[axis], y: of.value },
      smoothed: by === 'epoch' || !dashed,
      ...(of.low && of.high ? { low: of.low, high: of.high } : {}),
    });
    return [
      ...(train ? [line(train, words.train, false)] : []),
      ...(validation ? [line(validation, words.validation, true)] : []),
    ];
  });
}
