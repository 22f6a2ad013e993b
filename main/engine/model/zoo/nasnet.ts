import { conv, LayerList, pool } from '../presets/layer-list.ts';
import type { LayerSpec } from '../spec.ts';
import { once, type ZooDefinition } from './definition.ts';
import { apache, cited, kerasWeights } from './keras-applications.ts';
import { addHead, bare, CountedNames, normalization, relu, separable } from './layers.ts';

const source = cited(
  'Zoph, Vasudevan, Shlens, Le: Learning Transferable Architectures for Scalable Image Recognition (2018)',
  apache,
);

/** Where a cell takes its input: a layer and what it gives. */
interface Plane {
  readonly name: string;
  readonly side: number;
  readonly channels: number;
}

interface Plan {
  readonly side: number;
  readonly penultimate: number;
  /** Cells of each of the three stages. */
  readonly blocks: number;
  readonly stem: number;
  /** Whether a reduction is skipped by the cell after it. */
  readonly skipReduction: boolean;
}

const bn = (name: string) => normalization(name, { momentum: 0.9997 });

/** keras/src/applications/nasnet.py, names of layers with weights among it. */
class NasNet {
  readonly list = new LayerList();
  readonly #names = new CountedNames();

  /** Two separable convolutions, each after Relu and with normalization. */
  #separable(from: Plane, filters: number, size: number, block: string, stride = 1): string {
    this.#relu(from.name);
    if (stride === 2) this.list.add(evened(`separable_conv_1_pad_${block}`, from.side, size));
    const padding = stride === 2 ? 'valid' : 'same';
    this.list.add(separable(`separable_conv_1_${block}`, filters, { size, stride, padding }));
    this.list.add(bn(`separable_conv_1_bn_${block}`));
    this.#relu();
    this.list.add(separable(`separable_conv_2_${block}`, filters, { size }));
    return this.list.add(bn(`separable_conv_2_bn_${block}`));
  }

  /** The output of the cell before the last, made as large as the last one's. */
  #adjusted(before: Plane | null, at: Plane, filters: number, block: string): Plane {
    if (!before) return at;
    const adjusted = { side: at.side, channels: filters };
    if (before.side !== at.side) {
      const from = this.list.add(relu(`adjust_relu_1_${block}`), before.name);
      const half = Math.floor(filters / 2);
      this.list.add(pool('AveragePooling2D', `adjust_avg_pool_1_${block}`, 1, 2), from);
      const one = this.list.add(conv(`adjust_conv_1_${block}`, half, 1, he));
      const [rows, kept] = [
        [0, 1],
        [1, 0],
      ] as const;
      this.list.add({ kind: 'ZeroPadding2D', name: this.#names.next('zero_padding2d'), padding: [rows, rows] }, from);
      this.list.add({ kind: 'Cropping2D', name: this.#names.next('cropping2d'), cropping: [kept, kept] });
      this.list.add(pool('AveragePooling2D', `adjust_avg_pool_2_${block}`, 1, 2));
      const two = this.list.add(conv(`adjust_conv_2_${block}`, half, 1, he));
      this.list.add({ kind: 'Concatenate', name: this.#names.next('concatenate') }, one, two);
    } else if (before.channels !== filters) {
      this.#relu(before.name);
      this.list.add(conv(`adjust_conv_projection_${block}`, filters, 1, he));
    } else return before;
    return { name: this.list.add(bn(`adjust_bn_${block}`)), ...adjusted };
  }

  normal(at: Plane, before: Plane | null, filters: number, block: string): Plane {
    const p = this.#adjusted(before, at, filters, block);
    const h = this.#squeezed('normal', at, filters, block);
    const average = (name: string, from: Plane) =>
      this.list.add(pool('AveragePooling2D', `${name}_${block}`, 3, 1, 'same'), from.name);
    const add = (number: number, ...inputs: string[]) =>
      this.list.add({ kind: 'Add', name: `normal_add_${number}_${block}` }, ...inputs);
    const one = add(
      1,
      this.#separable(h, filters, 5, `normal_left1_${block}`),
      this.#separable(p, filters, 3, `normal_right1_${block}`),
    );
    const two = add(
      2,
      this.#separable(p, filters, 5, `normal_left2_${block}`),
      this.#separable(p, filters, 3, `normal_right2_${block}`),
    );
    const three = add(3, average('normal_left3', h), p.name);
    const four = add(4, average('normal_left4', p), average('normal_right4', p));
    const five = add(5, this.#separable(h, filters, 3, `normal_left5_${block}`), h.name);
    const inputs = [p.name, one, two, three, four, five];
    const name = this.list.add({ kind: 'Concatenate', name: `normal_concat_${block}` }, ...inputs);
    return { name, side: at.side, channels: p.channels + 5 * filters };
  }

  /** Half as many rows and columns. */
  reduction(at: Plane, before: Plane | null, filters: number, block: string): Plane {
    const p = this.#adjusted(before, at, filters, block);
    const h = this.#squeezed('reduction', at, filters, block);
    const padded = this.list.add(evened(`reduction_pad_1_${block}`, h.side, 3), h.name);
    const halved = (kind: 'MaxPooling2D' | 'AveragePooling2D', name: string) =>
      this.list.add(pool(kind, `${name}_${block}`, 3, 2), padded);
    const reduced = (from: Plane, size: number, name: string) =>
      this.#separable(from, filters, size, `${name}_${block}`, 2);
    const add = (name: string, ...inputs: string[]) => this.list.add({ kind: 'Add', name }, ...inputs);
    const left = reduced(h, 5, 'reduction_left1');
    const one = add(`reduction_add_1_${block}`, left, reduced(p, 7, 'reduction_right1'));
    const most = halved('MaxPooling2D', 'reduction_left2');
    const two = add(`reduction_add_2_${block}`, most, reduced(p, 7, 'reduction_right2'));
    const mean = halved('AveragePooling2D', 'reduction_left3');
    const three = add(`reduction_add3_${block}`, mean, reduced(p, 5, 'reduction_right3'));
    const smooth = this.list.add(pool('AveragePooling2D', `reduction_left4_${block}`, 3, 1, 'same'), one);
    const four = add(this.#names.next('add'), two, smooth);
    const side = Math.ceil(at.side / 2);
    const again = this.#separable({ name: one, side, channels: filters }, filters, 3, `reduction_left4_${block}`);
    const five = add(`reduction_add4_${block}`, again, halved('MaxPooling2D', 'reduction_right5'));
    const inputs = [two, three, four, five];
    const name = this.list.add({ kind: 'Concatenate', name: `reduction_concat_${block}` }, ...inputs);
    return { name, side, channels: 4 * filters };
  }

  /** A cell's own input with as many channels as its parts have. */
  #squeezed(kind: 'normal' | 'reduction', at: Plane, filters: number, block: string): Plane {
    this.#relu(at.name);
    this.list.add(conv(`${kind}_conv_1_${block}`, filters, 1, he));
    return { name: this.list.add(bn(`${kind}_bn_1_${block}`)), side: at.side, channels: filters };
  }

  #relu(...from: string[]): string {
    return this.list.add(relu(this.#names.next('activation')), ...from);
  }

  end(at: Plane): LayerSpec[] {
    addHead(this.list, this.#relu(at.name), 'global_average_pooling2d');
    return this.list.layers;
  }
}

const he = { ...bare, kernelInitializer: 'he_normal' } as const;

/** Zeros with which a stride of 2 takes the places that TensorFlow's SAME takes: `correct_pad` of imagenet_utils.py. */
function evened(name: string, side: number, size: number): LayerSpec {
  const after = Math.floor(size / 2);
  const before = after - (1 - (side % 2));
  return {
    kind: 'ZeroPadding2D',
    name,
    padding: [
      [before, after],
      [before, after],
    ],
  };
}

function layers({ side, penultimate, blocks, stem, skipReduction }: Plan): LayerSpec[] {
  const net = new NasNet();
  const filters = penultimate / 24;
  net.list.add(conv('stem_conv1', stem, 3, { stride: 2, padding: 'valid', ...he }));
  let at: Plane = { name: net.list.add(bn('stem_bn1')), side: Math.floor((side - 3) / 2) + 1, channels: stem };
  let before: Plane | null = null;
  const reduce = (width: number, block: string) => {
    const from = at;
    at = net.reduction(at, before, width, block);
    return from;
  };
  before = reduce(filters / 4, 'stem_1');
  before = reduce(filters / 2, 'stem_2');
  for (let stage = 0; stage < 3; stage++) {
    const width = filters * 2 ** stage;
    if (stage > 0) {
      const from = reduce(width, `reduce_${stage * blocks}`);
      if (!skipReduction) before = from;
    }
    for (let cell = 0; cell < blocks; cell++) {
      const from: Plane = at;
      at = net.normal(at, before, width, `${stage * blocks + cell + (stage > 0 ? 1 : 0)}`);
      before = from;
    }
  }
  return net.end(at);
}

type Figures = Pick<ZooDefinition, 'top1' | 'top5' | 'parameters' | 'depth'>;

function definition(kind: 'Mobile' | 'Large', figures: Figures, plan: Plan, md5: string): ZooDefinition {
  const id = `nasnet${kind.toLowerCase()}`;
  const name = `NASNet${kind}`;
  return {
    ...{ id, name, family: 'NASNet', source, ...figures },
    weights: kerasWeights(`nasnet/NASNet-${kind.toLowerCase()}.h5`, md5),
    network: once(() => ({
      ...{ id, name, input: [plan.side, plan.side, 3], preprocessing: 'minus-one-to-one', source },
      layers: layers(plan),
    })),
  };
}

export const nasnetMobile = definition(
  'Mobile',
  { top1: 0.744, top5: 0.919, parameters: 5_326_716, depth: 389 },
  { side: 224, penultimate: 1056, blocks: 4, stem: 32, skipReduction: false },
  '020fb642bf7360b370c678b08e0adf61',
);
export const nasnetLarge = definition(
  'Large',
  { top1: 0.825, top5: 0.96, parameters: 88_949_818, depth: 533 },
  { side: 331, penultimate: 4032, blocks: 6, stem: 96, skipReduction: true },
  '11577c9a518f0070763c2b964a382f17',
);
