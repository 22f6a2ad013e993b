import type { ExplainMethod, Explanation } from '#contract/explain.ts';
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
