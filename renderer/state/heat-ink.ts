import type { HeatColours } from '#contract/heat-colours.ts';
import type { Strings } from './strings.svelte.ts';

/** What every choice of a heat's colours and opacity says. */
export function heatInk({ t, language }: Strings) {
  return {
    labels: {
      colours: t('heat.colours.label'),
      opacity: t('heat.opacity'),
      name: (colours: HeatColours) => t(`heat.colours.${colours}`),
    },
    language,
  };
}
