import type { HeatColours } from '#contract/heat-colours.ts';
import type { Link } from '#page-link/index.ts';

/** Three pictures side by side, one large, or one with a divider between picture and heat. */
export const heatViews = ['three', 'one', 'wipe'] as const;
export type HeatView = (typeof heatViews)[number];

/** How heat is looked at: the same wherever it is seen, until the window closes. */
export class HeatLook {
  view = $state<HeatView>('three');
  colours = $state<HeatColours>('turbo');
  /** Of the heat over the picture, 0…1. */
  opacity = $state(0.5);
  /** Cold places let the picture through. */
  fading = $state(false);
}

const ofLink = new WeakMap<Link, HeatLook>();

export function heatLookOf(link: Link): HeatLook {
  let look = ofLink.get(link);
  if (!look) ofLink.set(link, (look = new HeatLook()));
  return look;
}
