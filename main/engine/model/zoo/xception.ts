import { conv, LayerList, pool } from '../presets/layer-list.ts';
import type { LayerSpec } from '../spec.ts';
import { once, type ZooDefinition } from './definition.ts';
import { cited, kernels, kerasWeights } from './keras-applications.ts';
import { addHead, bare, CountedNames, normalization, relu, separable } from './layers.ts';

const id = 'xception';
const name = 'Xception';
const source = cited('Chollet: Xception: Deep Learning with Depthwise Separable Convolutions (2017)', 'MIT (Keras)');

/** keras/src/applications/xception.py */
function layers(): LayerSpec[] {
  const list = new LayerList();
  const names = new CountedNames();
  const sepconv = (block: number, place: number, filters: number, from?: string) => {
    const called = `block${block}_sepconv${place}`;
    list.add(separable(called, filters, { size: 3 }), ...(from === undefined ? [] : [from]));
    return list.add(normalization(`${called}_bn`));
  };
  const shortcut = (from: string, filters: number) => {
    list.add(conv(names.next('conv2d'), filters, 1, { stride: 2, ...bare }), from);
    return list.add(normalization(names.next('batch_normalization')));
  };
  const joined = (main: string, residual: string) => list.add({ kind: 'Add', name: names.next('add') }, main, residual);

  let at = '';
  for (const [place, filters] of [32, 64].entries()) {
    const called = `block1_conv${place + 1}`;
    list.add(conv(called, filters, 3, { stride: place === 0 ? 2 : 1, padding: 'valid', ...bare }));
    list.add(normalization(`${called}_bn`));
    at = list.add(relu(`${called}_act`));
  }
  for (const [place, filters] of [128, 256, 728].entries()) {
    const block = place + 2;
    const residual = shortcut(at, filters);
    if (place > 0) at = list.add(relu(`block${block}_sepconv1_act`), at);
    sepconv(block, 1, filters, at);
    list.add(relu(`block${block}_sepconv2_act`));
    sepconv(block, 2, filters);
    at = joined(list.add(pool('MaxPooling2D', `block${block}_pool`, 3, 2, 'same')), residual);
  }
  for (let block = 5; block <= 12; block++) {
    let main = at;
    for (const place of [1, 2, 3]) {
      list.add(relu(`block${block}_sepconv${place}_act`), main);
      main = sepconv(block, place, 728);
    }
    at = joined(main, at);
  }
  const residual = shortcut(at, 1024);
  list.add(relu('block13_sepconv1_act'), at);
  sepconv(13, 1, 728);
  list.add(relu('block13_sepconv2_act'));
  sepconv(13, 2, 1024);
  joined(list.add(pool('MaxPooling2D', 'block13_pool', 3, 2, 'same')), residual);
  for (const [place, filters] of [1536, 2048].entries()) {
    sepconv(14, place + 1, filters);
    at = list.add(relu(`block14_sepconv${place + 1}_act`));
  }
  addHead(list, at);
  return list.layers;
}

export const xception: ZooDefinition = {
  ...{ id, name, family: 'Inception', source },
  ...{ top1: 0.79, top5: 0.945, parameters: 22_910_480, depth: 81 },
  weights: kerasWeights(`xception/xception_${kernels}.h5`, '0a58e3b7378bc2990ea3b43d5981f1f6'),
  network: once(() => ({
    ...{ id, name, input: [299, 299, 3], preprocessing: 'minus-one-to-one', source },
    layers: layers(),
  })),
};
