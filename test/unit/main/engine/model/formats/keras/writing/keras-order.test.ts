import { expect, test } from 'vitest';
import { kerasOrder } from '#engine/model/formats/keras/writing/keras-order.ts';

const wired = (text: string) =>
  text.split(' ').map((each) => {
    const [name = '', inputs = ''] = each.split('<');
    return { layer: { name }, inputs: inputs.split(',') };
  });
const orderOf = (text: string) =>
  kerasOrder(wired(text))
    .map(({ layer }) => layer.name)
    .join(' ');

// What `[layer.name for layer in keras.Model(…).layers[1:]]` says of Keras 3.15.
test.each([
  { why: 'a row stays a row', layers: 'a<input b<a c<b', want: 'a b c' },
  { why: 'the longer path begins first', layers: 'a<input short<a b<a c<b add<short,c', want: 'a b short c add' },
  { why: 'equally far: as a walk back meets them', layers: 'a<input b<a c<a add<c,b', want: 'a c b add' },
  { why: 'what the last layer does not need is left out', layers: 'a<input side<a b<a', want: 'a b' },
  { why: 'written in another order', layers: 'a<input y<a x<a z<x add<z,y', want: 'a x z y add' },
])('$why', ({ layers, want }) => {
  expect(orderOf(layers)).toBe(want);
});

test('networks deeper than calls may nest', () => {
  const deep = Array.from({ length: 20_000 }, (_, at) => `l${at}<${at === 0 ? 'input' : `l${at - 1}`}`).join(' ');
  expect(kerasOrder(wired(deep))).toHaveLength(20_000);
});
