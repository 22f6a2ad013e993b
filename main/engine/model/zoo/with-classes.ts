import type { LayerSpec } from '../spec.ts';
import { classCount } from './definition.ts';

/** A preset's layers with ImageNet's thousand classes. */
export function withClasses(layers: readonly LayerSpec[]): LayerSpec[] {
  return layers.map((layer) =>
    layer.kind === 'Dense' && layer.units === 'classes' ? { ...layer, units: classCount } : layer,
  );
}
