import type { WritingPlan } from '#engine/model/formats/keras/writing/plan.ts';
import type { PortableModel } from '#engine/model/portable.ts';

/** The name of the layer that does to pixels what is done first; null where nothing is. */
export function pixelLayerName({ layers }: WritingPlan, { pixels, spec }: PortableModel): string | null {
  if (pixels.kind === 'none') return null;
  const own = new Set(spec.layers.map(({ name }) => name));
  return layers.find(({ layer }) => !own.has(layer.name))?.layer.name ?? null;
}

/** Whether that layer turns RGB into BGR. */
export const caffeFirst = ({ pixels }: PortableModel): boolean => pixels.kind === 'caffe';
