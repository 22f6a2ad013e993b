import type { ComparedAnswer } from '#state/model-comparison.svelte.ts';
import type { TableData } from '#ui/table-save.ts';

/** Names that all models that answered have among their first `top`; none while fewer than two answered. */
export function agreedLabels(answers: readonly Pick<ComparedAnswer, 'answer'>[], top: number): Set<string> {
  const named = answers.flatMap(({ answer }) =>
    answer ? [new Set(answer.top.slice(0, top).map(({ label }) => label))] : [],
  );
  const [first, ...others] = named;
  if (!first || others.length === 0) return new Set();
  return new Set([...first].filter((label) => others.every((names) => names.has(label))));
}

/** A line for each class of each model. */
export function comparedData(
  answers: readonly ComparedAnswer[],
  nameOf: (ref: string) => string,
  top: number,
): TableData {
  return {
    columns: ['model', 'place', 'index', 'id', 'label', 'probability', 'ms'],
    rows: answers.flatMap(({ model, answer }) =>
      (answer?.top.slice(0, top) ?? []).map(({ index, id = '', label, probability }, place) => [
        ...[nameOf(model), place + 1, index, id, label, probability],
        answer?.milliseconds.network ?? null,
      ]),
    ),
  };
}
