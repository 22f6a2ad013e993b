import type { Split } from '#contract/data.ts';
import type { FoundImage } from './found.ts';

/** How folders stand for splits and classes. */
export interface Layout {
  /** What lies above all that counts: empty, or a path with `/` at its end. */
  readonly base: string;
  /** Which folder of `base` is which split; null where its folders are the classes. */
  readonly splits: ReadonlyMap<string, Split> | null;
}

const splitNames: Readonly<Record<string, Split>> = {
  train: 'train',
  training: 'train',
  val: 'validation',
  valid: 'validation',
  validation: 'validation',
  test: 'test',
  testing: 'test',
};

export function splitNamed(folder: string): Split | undefined {
  const name = folder.toLowerCase();
  return Object.hasOwn(splitNames, name) ? splitNames[name] : undefined;
}

interface Child {
  /** Images lie in folders within it. */
  deeper: boolean;
  /** Images lie in it. */
  direct: boolean;
}

/**
 * Goes down as long as there is only one folder with images, and it has folders with images itself. Then, folders named
 * like splits are splits when class folders are in them: `train` does, or all that is there is named so. A class that
 * happens to be called "test" thus stays a class. Only images count, so notes and annotations beside them change nothing.
 */
export function layoutOf(images: readonly FoundImage[]): Layout {
  let base = '';
  for (;;) {
    const { children, direct } = childrenOf(images, base);
    const splits = splitsOf(children);
    if (splits) return { base, splits };
    const [only, ...others] = children;
    if (direct || !only || others.length > 0 || !only[1].deeper) return { base, splits: null };
    base += `${only[0]}/`;
  }
}

function childrenOf(images: readonly FoundImage[], base: string) {
  const children = new Map<string, Child>();
  let direct = false;
  for (const { file } of images) {
    if (!file.startsWith(base)) continue;
    const end = file.indexOf('/', base.length);
    if (end < 0) {
      direct = true;
      continue;
    }
    const name = file.slice(base.length, end);
    const child = children.get(name) ?? { deeper: false, direct: false };
    if (file.includes('/', end + 1)) child.deeper = true;
    else child.direct = true;
    children.set(name, child);
  }
  return { children, direct };
}

function splitsOf(children: ReadonlyMap<string, Child>): Map<string, Split> | null {
  const splits = new Map<string, Split>();
  let train = false;
  for (const [name, { deeper }] of children) {
    const split = splitNamed(name);
    if (split === undefined || !deeper) continue;
    splits.set(name, split);
    train ||= split === 'train';
  }
  if (splits.size === 0) return null;
  return train || [...children.keys()].every((name) => splitNamed(name) !== undefined) ? splits : null;
}
