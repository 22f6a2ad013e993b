import type { KnownModel } from '#contract/models.ts';
import type { ZooEntry } from '#contract/zoo.ts';
import type { Models } from './models.svelte.ts';
import type { Strings } from './strings.svelte.ts';

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

/** Begins the value of a model that is to be fetched first. */
const toZoo = 'zoo:';

/** For a `Select`. */
export function modelOptions({ all, zoo }: Pick<Models, 'all' | 'zoo'>, { t }: Pick<Strings, 't'>) {
  return groupsOf(all, zoo).flatMap(({ kind, models }) =>
    models.map(({ ref, name, here }) => ({
      value: here ? ref : `${toZoo}${ref}`,
      label: here ? name : t('photos.model.fetch', { name }),
      group: t(`photos.model.groups.${kind}`),
    })),
  );
}

/** Whether what was chosen is not on this machine: it is fetched on the Zoo page. */
export function isAway(value: string): boolean {
  return value.startsWith(toZoo);
}
