export interface PickedClass {
  readonly index: number;
  readonly label: string;
}

/** Rows of the choice; a thousand would take longer to draw than to type. */
const most = 60;

/**
 * Classes that hold what is typed, those that begin with it first; the most probable first where that is known.
 * `more`: how many there are beyond those shown.
 */
export function foundClasses(
  labels: readonly string[],
  probabilities: readonly number[] | undefined,
  query: string,
): { shown: readonly PickedClass[]; more: number } {
  const wanted = query.trim().toLowerCase();
  const found = labels
    .map((label, index) => ({ index, label, at: label.toLowerCase().indexOf(wanted) }))
    .filter(({ at }) => at >= 0)
    .sort(
      (a, b) =>
        (wanted === '' ? 0 : Number(a.at > 0) - Number(b.at > 0)) ||
        (probabilities?.[b.index] ?? 0) - (probabilities?.[a.index] ?? 0) ||
        a.index - b.index,
    );
  return {
    shown: found.slice(0, most).map(({ index, label }) => ({ index, label })),
    more: Math.max(0, found.length - most),
  };
}
