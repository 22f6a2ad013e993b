import type { PortableModel } from '../../portable.ts';
import type { WriteOptions } from '../writer.ts';

/** What goes along with a graph: how it is to be asked, and what its answers mean. */
export interface About {
  readonly name: string;
  /** Height, width, channels. */
  readonly input: readonly number[];
  /** What the input's values are. */
  readonly values: string;
  /** The treatment that the network was trained with. */
  readonly pixels: PortableModel['pixels'];
  /** Whether the graph does it. */
  readonly pixelsInside: boolean;
  readonly classes: PortableModel['classes'];
  readonly writtenBy: 'Heatlens';
}

export function aboutModel(
  { spec, pixels, classes }: PortableModel,
  { pixels: where }: Pick<WriteOptions, 'pixels'>,
): About {
  const inside = where === 'inside';
  const colours = spec.input[2] === 3 ? 'RGB, ' : '';
  return {
    name: spec.name,
    input: spec.input,
    values: inside ? `${colours}0…255, float32` : `float32, treated as "${pixels.kind}" says`,
    pixels,
    pixelsInside: inside,
    classes,
    writtenBy: 'Heatlens',
  };
}
