import type { WeightFacts } from '../../../layers/shapes.ts';
import { caffeMeans, torch, type Pixels } from '../../../pixels.ts';
import type { NamedValues } from '../../../safetensors.ts';
import type { LayerSpec } from '../../../spec.ts';

/** keras.layers.Normalization with its figures as arguments, not as weights: (x − mean) / √variance, of each channel. */
export interface PixelNormalization {
  readonly kind: 'PixelNormalization';
  readonly name: string;
  readonly mean: readonly number[];
  readonly variance: readonly number[];
  readonly trainable?: false;
}

/** The first layer of a file that takes RGB, 0…255. */
export interface PixelLayer {
  readonly layer: LayerSpec | PixelNormalization;
  readonly weights: readonly WeightFacts[];
  /** `<layer>/<weight>` */
  readonly values: readonly NamedValues[];
}

/** What ImageDataGenerator adds to a deviation, as `pixels.ts` does. */
const epsilon = 1e-6;

/** The layer that does what is done to pixels first; null where nothing is. */
export function pixelLayer(pixels: Pixels, channels: number, name: string): PixelLayer | null {
  const plain = (layer: PixelLayer['layer']): PixelLayer => ({ layer, weights: [], values: [] });
  const scaled = (scale: number, offset: number) => plain({ kind: 'Rescaling', name, scale, offset });
  switch (pixels.kind) {
    case 'none':
      return null;
    case 'divide-255':
      return scaled(1 / 255, 0);
    case 'minus-one-to-one':
      return scaled(1 / 127.5, -1);
    case 'lite':
      return scaled(1 / 128, -127 / 128);
    case 'torch':
      return plain(
        normalization(
          name,
          torch.mean.map((mean) => mean * 255),
          torch.deviation.map((deviation) => deviation * 255),
        ),
      );
    case 'standardize':
      return plain(
        normalization(
          name,
          pixels.mean,
          pixels.deviation.map((deviation) => deviation + epsilon),
        ),
      );
    case 'caffe':
      return blueGreenRed(name, channels);
  }
}

function normalization(name: string, mean: readonly number[], deviation: readonly number[]): PixelNormalization {
  return { kind: 'PixelNormalization', name, mean, variance: deviation.map((each) => each * each) };
}

/** No layer of Keras turns channels round: a convolution of 1×1 with weights that are not trained does. */
function blueGreenRed(name: string, channels: number): PixelLayer {
  const kernel = new Float32Array(channels * channels);
  for (let from = 0; from < channels; from++) kernel[from * channels + (channels - 1 - from)] = 1;
  const bias = Float32Array.from({ length: channels }, (_, channel) => -(caffeMeans[channel] ?? 0));
  const shape = [1, 1, channels, channels];
  return {
    layer: {
      ...{ kind: 'Conv2D', name, filters: channels, kernelSize: [1, 1], strides: [1, 1], padding: 'valid' },
      ...{ activation: 'linear', trainable: false },
    },
    weights: [
      { name: 'kernel', shape, trainable: false },
      { name: 'bias', shape: [channels], trainable: false },
    ],
    values: [
      { name: `${name}/kernel`, shape, values: kernel },
      { name: `${name}/bias`, shape: [channels], values: bias },
    ],
  };
}
