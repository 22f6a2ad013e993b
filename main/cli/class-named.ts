import { AppError } from '#contract/failures.ts';
import type { ClassName } from '#contract/models.ts';

/** A class by index, name or id. Fails: `explain/unknown-class`. */
export function classNamed(text: string, classes: readonly ClassName[]): number {
  const wanted = text.toLowerCase();
  const named = classes.findIndex(({ label, id }) => label.toLowerCase() === wanted || id === text);
  if (named >= 0 && !/^\d+$/.test(text)) return named;
  const index = Number(text);
  if (/^\d+$/.test(text) && index < classes.length) return index;
  const message = `The network has ${classes.length} classes; there is no class ${text}.`;
  throw new AppError('explain/unknown-class', message, { class: text, classes: classes.length });
}
