import type { FilmFacts, FilmSettings } from '#contract/video.ts';
import type { FrameSize } from '../stages.ts';

/** Longer side of a view where nobody says, px. */
const usualLongest = 1920;

/** Of one view: the film's, scaled down to `longest`, both sides even as H.264's yuv420p wants them. Never scaled up. */
export function viewSize(facts: Pick<FilmFacts, 'width' | 'height'>, longest = usualLongest): FrameSize {
  const shrink = Math.min(1, longest / Math.max(facts.width, facts.height));
  return { width: even(facts.width * shrink), height: even(facts.height * shrink) };
}

/** Of the colour bar with its figures, px. */
export const barRoom = ({ height }: FrameSize): number => even(Math.max(48, Math.min(96, height * 0.16)));

/** Of the film made. */
export function wholeSize(view: FrameSize, { layout, bar }: Pick<FilmSettings, 'layout' | 'bar'>): FrameSize {
  const views = layout === 'side-by-side' ? 2 : 1;
  return { width: view.width * views + (bar ? barRoom(view) : 0), height: view.height };
}

/** The film's own odd last column or row is scaled away, not cut off. */
const even = (side: number) =>
  Math.max(2, Math.round(side / 2) * 2 - (Math.round(side / 2) * 2 > Math.ceil(side) ? 2 : 0));
