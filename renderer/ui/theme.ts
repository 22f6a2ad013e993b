/**
 * The tokens as a canvas needs them: resolved colours. Read anew when the theme changes.
 */
export interface Ink {
  readonly ink: string;
  readonly quiet: string;
  readonly line: string;
  /** Where a line must be seen among colours. */
  readonly lineStrong: string;
  readonly panel: string;
  readonly accent: string;
  readonly right: string;
  readonly wrong: string;
  readonly font: string;
  readonly series: readonly string[];
}

export function readInk(): Ink {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: token('ink'),
    quiet: token('quiet'),
    line: token('line'),
    lineStrong: token('line-strong'),
    panel: token('panel'),
    accent: token('accent'),
    right: token('right'),
    wrong: token('wrong'),
    font: token('font'),
    series: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => token(`series-${n}`)),
  };
}

/** Calls back whenever the theme of the page changes; returns the function that stops it. */
export function onTheme(hear: () => void): () => void {
  const observer = new MutationObserver(hear);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}
