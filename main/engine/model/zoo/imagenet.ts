import type { ClassName } from '#contract/models.ts';
import type { TreeNode } from '#contract/prediction.ts';
import { classNames } from '#engine/data/listing/synsets.ts';
import classIndex from '../../../../assets/imagenet/class_index.json' with { type: 'json' };
import hierarchy from '../../../../assets/imagenet/hierarchy.json' with { type: 'json' };

/** ImageNet's thousand, in the order that every model trained on them gives their probabilities. */
const classes: readonly ClassName[] = (() => {
  const ids = classIndex.map(([id = '']) => id);
  const labels = classNames(ids);
  return ids.map((id, place) => ({ id, label: labels[place] ?? id }));
})();

export function imagenetClasses(): ClassName[] {
  return [...classes];
}

interface Synset {
  readonly name: string;
  readonly parent: string | null;
  readonly index?: number;
}

const synsets = new Map(Object.entries(hierarchy as Record<string, Synset>));

/** WordNet's nouns over them, each under its first hypernym, from the root down: parents before their children. */
const tree: readonly TreeNode[] = (() => {
  const below = new Map<string | null, TreeNode[]>();
  for (const [id, { name, parent, index }] of synsets) {
    const label = index === undefined ? name : (classes[index]?.label ?? name);
    const node = { id, name: label.replaceAll('_', ' '), parent, ...(index === undefined ? {} : { index }) };
    below.set(parent, [...(below.get(parent) ?? []), node]);
  }
  const nodes: TreeNode[] = [...(below.get(null) ?? [])];
  for (const node of nodes) nodes.push(...(below.get(node.id) ?? []));
  return nodes;
})();

export function imagenetTree(): TreeNode[] {
  return [...tree];
}
