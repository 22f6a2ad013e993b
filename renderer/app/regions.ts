/** The parts of the window that F6 goes round: top bar, rail, and the panes of the page. */
const regionSelector = 'header[data-region], nav, main aside, main [data-region], main:not(:has([data-region]))';
const focusable =
  'button:not(:disabled), a[href], input:not(:disabled), select:not(:disabled), textarea:not(:disabled), [tabindex]:not([tabindex="-1"])';

/** Gives the keyboard to the next part of the window. @param step 1 forwards, −1 backwards */
export function goRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>(regionSelector)].filter((region) => firstIn(region));
  if (regions.length === 0) return;
  const here = regions.findIndex((region) => region.contains(document.activeElement));
  const next = here < 0 ? (step > 0 ? 0 : regions.length - 1) : (here + step + regions.length) % regions.length;
  firstIn(regions[next])?.focus();
}

/** What stands for the page in the region, e.g. the row that is chosen; else its first control. */
function firstIn(region: HTMLElement | undefined): HTMLElement | undefined {
  const all = [...(region?.querySelectorAll<HTMLElement>(focusable) ?? [])].filter(inSight);
  return (
    all.find((control) => control.matches('[aria-current]:not([aria-current="false"]), [aria-selected="true"]')) ??
    all[0]
  );
}

const inSight = (control: HTMLElement) => control.getClientRects().length > 0 && !control.closest('[inert]');
