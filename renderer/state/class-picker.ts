import type { ClassPickerWords } from '#ui/class-picker-words.ts';
import type { Strings } from './strings.svelte.ts';

/** The words of every choice of a class. */
export function classPickerWords({ t, language }: Strings): ClassPickerWords {
  return {
    search: (count) => t('heat.class.search', { count }),
    nothing: t('heat.class.nothing'),
    more: (count) => t('heat.class.more', { count }),
    locale: language,
  };
}
