import type { KnownModel } from '#contract/models.ts';

/**
 * What a model can be compared with, the nearest relatives first: those with as many classes before others. Only those
 * that take as many channels. Of a run also its best checkpoint, and its epochs whose weights are kept.
 */
export function otherModels(
  all: readonly KnownModel[],
  model: KnownModel,
  words: { readonly best: string | null; readonly epoch: (epoch: number) => string },
): KnownModel[] {
  const related = all
    .filter(({ ref, channels }) => ref !== model.ref && channels === model.channels)
    .sort((a, b) => Number(b.classes === model.classes) - Number(a.classes === model.classes));
  if (model.kind !== 'run') return related;
  const [plain = ''] = model.ref.split('@');
  const moment = (at: string, name: string): KnownModel => ({
    ...model,
    ref: `${plain}@${at}`,
    name: `${model.name}, ${name}`,
    revision: `${model.revision}-${at}`,
  });
  const moments = [
    ...(words.best === null ? [] : [moment('best', words.best)]),
    ...(model.epochs ?? []).map((epoch) => moment(String(epoch), words.epoch(epoch))),
  ];
  return [...related, ...moments.filter(({ ref }) => ref !== model.ref)];
}
