/** Colour maps as 256 RGB steps. A single hue for counts (confusion); heat maps come with the explanations. */

type Rgb = readonly [number, number, number];

function between(stops: readonly Rgb[], position: number): Rgb {
  const place = Math.min(1, Math.max(0, position)) * (stops.length - 1);
  const left = Math.floor(place);
  const from = stops[left] ?? [0, 0, 0];
  const to = stops[left + 1] ?? from;
  const part = place - left;
  return [0, 1, 2].map((c) => Math.round((from[c] ?? 0) * (1 - part) + (to[c] ?? 0) * part)) as unknown as Rgb;
}

const light: readonly Rgb[] = [
  [255, 255, 255],
  [222, 235, 247],
  [158, 202, 225],
  [66, 146, 198],
  [8, 81, 156],
  [8, 48, 107],
];
const dark: readonly Rgb[] = [
  [28, 28, 33],
  [22, 48, 74],
  [27, 84, 131],
  [52, 132, 189],
  [120, 183, 224],
  [214, 234, 248],
];

/** White to deep blue; on dark from panel to pale blue. `share` 0…1. After ColorBrewer's Blues. */
export function blues(share: number, onDark: boolean): string {
  return `rgb(${between(onDark ? dark : light, share).join(' ')})`;
}

/** Whether dark ink stands out better than light ink on this share of `blues`. */
export function inkOnBlues(share: number, onDark: boolean): string {
  return (onDark ? share > 0.55 : share < 0.5) ? '#1b1b1f' : '#ffffff';
}
