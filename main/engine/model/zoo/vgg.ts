import { vgg as presets } from '../presets/vgg.ts';
import { once, type ZooDefinition } from './definition.ts';
import { cited, kernels, kerasWeights } from './keras-applications.ts';
import { withClasses } from './with-classes.ts';

const source = cited(
  'Simonyan, Zisserman: Very Deep Convolutional Networks for Large-Scale Image Recognition (2015)',
  'CC BY 4.0 (VGG, Oxford)',
);

type Figures = Pick<ZooDefinition, 'top1' | 'top5' | 'parameters'>;

function definition(depth: 16 | 19, figures: Figures, md5: string): ZooDefinition {
  const id = `vgg${depth}`;
  const name = `VGG${depth}`;
  return {
    ...{ id, name, family: 'VGG', depth, source, ...figures },
    weights: kerasWeights(`${id}/${id}_${kernels}.h5`, md5),
    network: once(() => {
      const layers = presets.find((each) => each.id === `vgg-${depth}`)?.layers ?? [];
      return {
        ...{ id, name, input: [224, 224, 3], preprocessing: 'caffe', source },
        // keras.applications has no dropout here.
        layers: withClasses(layers.filter(({ kind }) => kind !== 'Dropout')),
      };
    }),
  };
}

export const vgg16 = definition(
  16,
  { top1: 0.713, top5: 0.901, parameters: 138_357_544 },
  '64373286793e3c8b2b4e3219cbf3544b',
);
export const vgg19 = definition(
  19,
  { top1: 0.713, top5: 0.9, parameters: 143_667_240 },
  'cbe5617147190e668d6c5d5026f83318',
);
