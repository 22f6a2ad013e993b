import { inceptionV3 as preset } from '../presets/inception-v3.ts';
import { once, type ZooDefinition } from './definition.ts';
import { cited, kernels, kerasWeights } from './keras-applications.ts';
import { withClasses } from './with-classes.ts';

const id = 'inceptionv3';
const name = 'InceptionV3';
const source = cited('Szegedy et al.: Rethinking the Inception Architecture for Computer Vision (2016)', 'MIT (Keras)');

export const inceptionV3: ZooDefinition = {
  ...{ id, name, family: 'Inception', source },
  ...{ top1: 0.779, top5: 0.937, parameters: 23_851_784, depth: 189 },
  weights: kerasWeights(`inception_v3/inception_v3_${kernels}.h5`, '9a0d58056eeedaa3f26cb7ebd46da564'),
  network: once(() => ({
    ...{ id, name, input: [299, 299, 3], preprocessing: 'minus-one-to-one', source },
    layers: withClasses(preset.layers),
  })),
};
