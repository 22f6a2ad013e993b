import type { ExplainMethod, Explanation } from '#contract/explain.ts';
import type { HeatLayers } from './heat-maps.ts';
import type { Strings } from './strings.svelte.ts';

/** In the order of the choice: the usual one first, the slow ones last. */
export const methods = [
  'grad-cam',
  'grad-cam++',
  'gradients',
  'smooth-grad',
  'integrated-gradients',
  'score-cam',
  'occlusion',
] as const satisfies readonly ExplainMethod[];

/** Those that end at a layer's map; the others end at the pixels and need no layer. */
export function endsAtLayer(method: ExplainMethod): boolean {
  return method === 'grad-cam' || method === 'grad-cam++' || method === 'score-cam';
}

/** Those that ask the network many times. */
export function isSlow(method: ExplainMethod): boolean {
  return method !== 'grad-cam' && method !== 'grad-cam++' && method !== 'gradients';
}

/** Why this layer, in a sentence; of a method that ends at the pixels, that it needs none. */
export function layerSentence(
  { t }: Pick<Strings, 't'>,
  { layer, method }: Pick<Explanation, 'layer' | 'method'>,
): string {
  if (!layer) return endsAtLayer(method) ? '' : t('heat.layer.none');
  const { name, width, height, reason } = layer;
  return t(`heat.layer.reasons.${reason}`, { name, width, height });
}

/** For a choice of the layer; '' = chosen by itself. The last layers come first: they are asked for most. */
export function layerChoices({ t }: Pick<Strings, 't'>, layers: HeatLayers | null): { value: string; label: string }[] {
  const { chosen = null, layers: all = [] } = layers ?? {};
  const label = chosen
    ? t('heat.layer.automaticIs', { name: chosen.name, width: chosen.width, height: chosen.height })
    : t('heat.layer.automatic');
  const named = [...all].reverse().map(({ name, width, height, channels }) => ({
    value: name,
    label: t('heat.layer.option', { name, width, height, channels }),
  }));
  return [{ value: '', label }, ...named];
}

/** For `HeatReadout`. */
export function heatReadoutWords({ t }: Pick<Strings, 't'>) {
  return {
    bar: t('heat.colours.bar'),
    hint: t('heat.readingHint'),
    unseen: t('heat.unseen'),
    reading: (value: number) => t('heat.reading', { value: value.toFixed(2) }),
  };
}
