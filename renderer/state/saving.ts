import type { ChartWords, TableWords } from '#ui/saving-words.ts';
import type { Strings } from './strings.svelte.ts';

/** The words of every chart's menu. */
export function chartWords(t: Strings['t']): ChartWords {
  return {
    menu: t('app.saving.chart'),
    png: t('app.saving.png'),
    svg: t('app.saving.svg'),
    csv: t('app.saving.csv'),
    copy: t('app.saving.copyPicture'),
  };
}

/** The words of every table's menu. */
export function tableWords(t: Strings['t']): TableWords {
  return {
    menu: t('app.saving.table'),
    csv: t('app.saving.csv'),
    latex: t('app.saving.latex'),
    copy: t('app.saving.copy'),
    copyLatex: t('app.saving.copyLatex'),
  };
}
