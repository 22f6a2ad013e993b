import type { Split } from '#contract/data.ts';
import { AppError } from '#contract/failures.ts';
import type { Edit } from './edits.ts';
import type { OpenedSet } from './opened-set.ts';

/** The change in terms of the files. Fails: `data/unknown-image`, `call/invalid`. */
export function checkedEdit(change: Edit, opened: OpenedSet): Edit {
  const { classes } = opened;
  const origin = (image: { split: Split; index: number }) => {
    const found = opened.origin(image.split, image.index);
    if (found) return found;
    const details = { dataset: opened.summary.name, ...image, count: opened.source(image.split)?.count ?? 0 };
    const message = `"${details.dataset}" has no image ${image.index} in ${image.split}; it holds ${details.count}.`;
    throw new AppError('data/unknown-image', message, details);
  };
  if ('label' in change) checkClass('label', change.label, classes.length);
  if ('images' in change) return { ...change, images: change.images.map(origin) };
  if ('index' in change) return { ...change, ...origin(change) };
  if (change.kind === 'rename-classes') return { ...change, classes: checkedNames(change.classes, classes.length) };
  const chosen = [...new Set(change.classes)].sort((a, b) => a - b);
  for (const label of chosen) checkClass('classes', label, classes.length);
  if (change.kind === 'exclude-classes') {
    if (chosen.length >= classes.length) throw invalid('classes', 'all of them; at least one must stay');
    return { ...change, classes: chosen };
  }
  if (chosen.length < 2) throw invalid('classes', `${chosen.length}; expected two or more to merge`);
  const named = classes.map((name, label) => (label === chosen[0] ? change.name.trim() : name));
  checkedNames(
    named.filter((_, label) => label === chosen[0] || !chosen.includes(label)),
    classes.length - chosen.length + 1,
  );
  return { ...change, classes: chosen, name: change.name.trim() };
}

function checkClass(field: string, label: number, classes: number): void {
  if (label >= classes) throw invalid(field, `${label}; expected 0 … ${classes - 1}`);
}

function checkedNames(given: readonly string[], expected: number): string[] {
  const names = given.map((name) => name.trim());
  if (names.length !== expected) throw invalid('classes', `${names.length} names; expected ${expected}`);
  const twice = names.find((name, position) => name === '' || names.indexOf(name) !== position);
  if (twice !== undefined) throw invalid('classes', twice ? `"${twice}" is there twice` : 'a name is empty');
  return names;
}

const invalid = (field: string, problem: string) =>
  new AppError('call/invalid', `\`${field}\`: ${problem}.`, { field, problem });
