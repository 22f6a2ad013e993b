import { bottlenecks } from '../presets/resnet.ts';
import { once, type ZooDefinition } from './definition.ts';
import { cited, kernels, kerasWeights } from './keras-applications.ts';
import { withClasses } from './with-classes.ts';

const source = cited('He, Zhang, Ren, Sun: Deep Residual Learning for Image Recognition (2016)', 'MIT (Kaiming He)');

type Figures = Pick<ZooDefinition, 'top1' | 'top5' | 'parameters' | 'depth'>;

function definition(layers: number, blocks: readonly number[], figures: Figures, md5: string): ZooDefinition {
  const id = `resnet${layers}`;
  const name = `ResNet${layers}`;
  return {
    ...{ id, name, family: 'ResNet', source, ...figures },
    weights: kerasWeights(`resnet/${id}_${kernels}.h5`, md5),
    network: once(() => ({
      ...{ id, name, input: [224, 224, 3], preprocessing: 'caffe', source },
      layers: withClasses(bottlenecks(blocks, false)),
    })),
  };
}

export const resnet50 = definition(
  50,
  [3, 4, 6, 3],
  { top1: 0.749, top5: 0.921, parameters: 25_636_712, depth: 107 },
  '2cb95161c43110f7111970584f804107',
);
export const resnet101 = definition(
  101,
  [3, 4, 23, 3],
  { top1: 0.764, top5: 0.928, parameters: 44_707_176, depth: 209 },
  'f1aeb4b969a6efcfb50fad2f0c20cfc5',
);
export const resnet152 = definition(
  152,
  [3, 8, 36, 3],
  { top1: 0.766, top5: 0.931, parameters: 60_419_944, depth: 311 },
  '100835be76be38e30d865e96f2aaae62',
);
