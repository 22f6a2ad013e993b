import classIndex from '../../../../assets/imagenet/class_index.json' with { type: 'json' };

const wnid = /^n\d{8}$/;

/** What people call ImageNet's classes, by wnid. Two names stand for two classes each; those carry their wnid. */
const names: ReadonlyMap<string, string> = new Map(
  classIndex.map(([id = '', name = '']) => {
    const shared = classIndex.some(([other, otherName]) => otherName === name && other !== id);
    return [id, shared ? `${spaced(name)} (${id})` : spaced(name)];
  }),
);

function spaced(name: string): string {
  return name.replaceAll('_', ' ');
}

/**
 * The names to show for class folders: where all of them are WordNet synsets (`n01440764`), those of ImageNet's 1,000
 * classes get its words (`tench`). Other folders keep their names.
 */
export function classNames(folders: readonly string[]): string[] {
  if (!folders.every((folder) => wnid.test(folder))) return [...folders];
  return folders.map((folder) => names.get(folder) ?? folder);
}
