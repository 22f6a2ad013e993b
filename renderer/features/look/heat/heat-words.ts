import type { ExplainMethod, ExplainOptions, Faithfulness, MeanHeat, SanityCheck } from '#contract/explain.ts';
import type { Strings } from '#state/strings.svelte.ts';
import { percent, type DurationUnits } from '#ui/format.ts';

type Words = Pick<Strings, 't' | 'language'>;

export interface OptionField {
  readonly name: keyof ExplainOptions;
  readonly usual: number;
  readonly low: number;
  readonly high: number;
  readonly step: number;
}

/** What may be set for a method; ranges as in the contract. @param longest side of the network's input, px */
export function optionFields(method: ExplainMethod, longest: number): readonly OptionField[] {
  const patch = Math.max(1, Math.round(longest / 8));
  switch (method) {
    case 'integrated-gradients':
      return [{ name: 'steps', usual: 32, low: 2, high: 512, step: 1 }];
    case 'smooth-grad':
      return [
        { name: 'samples', usual: 25, low: 1, high: 512, step: 1 },
        { name: 'noise', usual: 0.15, low: 0, high: 1, step: 0.01 },
        { name: 'seed', usual: 0, low: 0, high: 2 ** 31 - 1, step: 1 },
      ];
    case 'occlusion':
      return [
        { name: 'patch', usual: patch, low: 1, high: 1024, step: 1 },
        { name: 'stride', usual: Math.max(1, Math.round(patch / 2)), low: 1, high: 1024, step: 1 },
      ];
    case 'score-cam':
      return [{ name: 'maps', usual: 512, low: 1, high: 4096, step: 1 }];
    default:
      return [];
  }
}

/** The y of a curve at x, between its points. */
export function curveAt(curve: readonly (readonly [number, number])[], x: number): number {
  const after = curve.findIndex(([at]) => at >= x);
  if (after <= 0) return curve[Math.max(0, after)]?.[1] ?? NaN;
  const [toX, toY] = curve[after] ?? [0, 0];
  const [fromX, fromY] = curve[after - 1] ?? [0, 0];
  return toX === fromX ? toY : fromY + ((toY - fromY) * (x - fromX)) / (toX - fromX);
}

/** What the curves say, in two sentences: at one tenth of the pixels, and on the whole. */
export function faithfulSentence({ t, language }: Words, found: Faithfulness): string {
  const part = 0.1;
  const say = (value: number) => percent(value, 0, language);
  const removing = t('heat.faithful.removing', {
    part: say(part),
    before: say(curveAt(found.deletion, 0)),
    after: say(curveAt(found.deletion, part)),
    random: say(curveAt(found.random.deletion, part)),
  });
  const better = found.deletionArea < found.random.deletionArea;
  const faster = found.insertionArea > found.random.insertionArea;
  const verdict = better && faster ? 'both' : better || faster ? 'one' : 'none';
  return `${removing} ${t(`heat.faithful.verdicts.${verdict}`)}`;
}

export function sanitySentence({ t }: Words, { cascade, sensitive }: SanityCheck): string {
  const last = cascade.at(-1)?.correlation ?? NaN;
  const first = cascade[0]?.correlation ?? NaN;
  const figures = { last: last.toFixed(2), first: first.toFixed(2), count: cascade.length };
  return t(sensitive ? 'heat.sanity.sensitive' : 'heat.sanity.insensitive', figures);
}

/** How many images have more than half of their heat outside the box. */
export function outsideSentence({ t, language }: Words, { rows, count }: MeanHeat): string {
  const outside = rows.filter((row) => (row.outside ?? 0) > 0.5).length;
  const mean = rows.reduce((sum, row) => sum + (row.outside ?? 0), 0) / Math.max(1, rows.length);
  return t('heat.classes.outside', { outside, count, mean: percent(mean, 0, language) });
}

export function durationUnits({ t }: Words): DurationUnits {
  return { h: t('heat.units.h'), min: t('heat.units.min'), s: t('heat.units.s') };
}
