import { conv, LayerList, pool } from '../presets/layer-list.ts';
import { once, type ZooDefinition } from './definition.ts';
import { apache, cited, kernels, kerasWeights } from './keras-applications.ts';
import { addHead, bare, CountedNames, normalization, relu } from './layers.ts';

const id = 'inceptionresnetv2';
const name = 'InceptionResNetV2';
const source = cited(
  'Szegedy, Ioffe, Vanhoucke, Alemi: Inception-v4, Inception-ResNet and the Impact of Residual Connections (2017)',
  apache,
);

type Size = number | readonly [number, number];
interface Options {
  readonly stride?: number;
  readonly padding?: 'same' | 'valid';
}

/** keras/src/applications/inception_resnet_v2.py, names among it. */
class InceptionResNet {
  readonly list = new LayerList();
  readonly #names = new CountedNames();

  /** Convolution without bias, normalization without scale, Relu. @param from '' = the images */
  conv(from: string, filters: number, size: Size, { stride = 1, padding = 'same' }: Options = {}, named = ''): string {
    const called = (end: string, kind: string) => (named === '' ? this.#names.next(kind) : named + end);
    const convolution = conv(called('', 'conv2d'), filters, size, { stride, padding, ...bare });
    this.list.add(convolution, ...(from === '' ? [] : [from]));
    this.list.add(normalization(called('_bn', 'batch_normalization'), { scale: false }));
    return this.list.add(relu(called('_ac', 'activation')));
  }

  /** One after the other. */
  chain(from: string, ...convolutions: readonly (readonly [filters: number, size: Size, options?: Options])[]): string {
    return convolutions.reduce((at, [filters, size, options]) => this.conv(at, filters, size, options), from);
  }

  halved(from: string): string {
    return this.list.add(pool('MaxPooling2D', this.#names.next('max_pooling2d'), 3, 2), from);
  }

  averaged(from: string): string {
    return this.list.add(pool('AveragePooling2D', this.#names.next('average_pooling2d'), 3, 1, 'same'), from);
  }

  concat(called: string, ...branches: string[]): string {
    return this.list.add({ kind: 'Concatenate', name: called }, ...branches);
  }

  /** from + scale · (a convolution of the branches), Keras' CustomScaleLayer as two layers. */
  residual(block: string, from: string, channels: number, scale: number, branches: string[], last = false): string {
    this.concat(`${block}_mixed`, ...branches);
    const up = conv(`${block}_conv`, channels, 1, { activation: 'linear' });
    this.list.add(up);
    const scaled = this.list.add({ kind: 'Rescaling', name: `${block}_scale`, scale, offset: 0 });
    const sum = this.list.add({ kind: 'Add', name: this.#names.next('custom_scale_layer') }, from, scaled);
    return last ? sum : this.list.add(relu(`${block}_ac`));
  }
}

const valid = { padding: 'valid' } as const;
const reducing = { stride: 2, padding: 'valid' } as const;

function layers() {
  const net = new InceptionResNet();
  const stem = net.conv(net.conv(net.conv('', 32, 3, reducing), 32, 3, valid), 64, 3);
  let at = net.halved(net.chain(net.halved(stem), [80, 1, valid], [192, 3, valid]));
  at = net.concat(
    'mixed_5b',
    net.conv(at, 96, 1),
    net.chain(at, [48, 1], [64, 5]),
    net.chain(at, [64, 1], [96, 3], [96, 3]),
    net.chain(net.averaged(at), [64, 1]),
  );
  for (let block = 1; block <= 10; block++) {
    const branches = [net.conv(at, 32, 1), net.chain(at, [32, 1], [32, 3]), net.chain(at, [32, 1], [48, 3], [64, 3])];
    at = net.residual(`block35_${block}`, at, 320, 0.17, branches);
  }
  at = net.concat(
    'mixed_6a',
    net.conv(at, 384, 3, reducing),
    net.chain(at, [256, 1], [256, 3], [384, 3, reducing]),
    net.halved(at),
  );
  for (let block = 1; block <= 20; block++) {
    const branches = [net.conv(at, 192, 1), net.chain(at, [128, 1], [160, [1, 7]], [192, [7, 1]])];
    at = net.residual(`block17_${block}`, at, 1088, 0.1, branches);
  }
  at = net.concat(
    'mixed_7a',
    net.chain(at, [256, 1], [384, 3, reducing]),
    net.chain(at, [256, 1], [288, 3, reducing]),
    net.chain(at, [256, 1], [288, 3], [320, 3, reducing]),
    net.halved(at),
  );
  for (let block = 1; block <= 10; block++) {
    const last = block === 10;
    const branches = [net.conv(at, 192, 1), net.chain(at, [192, 1], [224, [1, 3]], [256, [3, 1]])];
    at = net.residual(`block8_${block}`, at, 2080, last ? 1 : 0.2, branches, last);
  }
  addHead(net.list, net.conv(at, 1536, 1, {}, 'conv_7b'));
  return net.list.layers;
}

export const inceptionResNetV2: ZooDefinition = {
  ...{ id, name, family: 'Inception', source },
  ...{ top1: 0.803, top5: 0.953, parameters: 55_873_736, depth: 449 },
  weights: kerasWeights(`inception_resnet_v2/inception_resnet_v2_${kernels}.h5`, 'e693bd0210a403b3192acc6073ad2e96'),
  network: once(() => ({
    ...{ id, name, input: [299, 299, 3], preprocessing: 'minus-one-to-one', source },
    layers: layers(),
  })),
};
