import type { KnownModel } from '#contract/models.ts';
import type { ZooEntry } from '#contract/zoo.ts';

export interface ModelChoice {
  readonly ref: string;
  readonly name: string;
  /** Of the zoo: whether its weights are on this machine. */
  readonly here: boolean;
}

export interface ModelGroup {
  readonly kind: 'zoo' | 'file' | 'run' | 'away';
  readonly models: readonly ModelChoice[];
}

/** Models by where they come from; last, what of the zoo could be fetched. Groups without models are left out. */
export function groupsOf(models: readonly KnownModel[], zoo: readonly ZooEntry[]): ModelGroup[] {
  const known = (kind: KnownModel['kind']) =>
    models.filter((model) => model.kind === kind).map(({ ref, name }) => ({ ref, name, here: true }));
  const away = zoo.filter(({ here }) => here === 'no').map(({ id, name }) => ({ ref: id, name, here: false }));
  const groups: ModelGroup[] = [
    { kind: 'zoo', models: known('zoo') },
    { kind: 'file', models: known('file') },
    { kind: 'run', models: known('run') },
    { kind: 'away', models: away },
  ];
  return groups.filter(({ models }) => models.length > 0);
}
