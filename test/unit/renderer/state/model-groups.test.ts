import { expect, test } from 'vitest';
import type { KnownModel } from '#contract/models.ts';
import type { ZooEntry } from '#contract/zoo.ts';
import { groupsOf } from '#state/model-groups.ts';

const model = (ref: string, kind: KnownModel['kind']) => ({ ref, kind, name: ref.toUpperCase() }) as KnownModel;
const entry = (id: string, here: ZooEntry['here']) => ({ id, name: id.toUpperCase(), here }) as ZooEntry;

test('models stand by where they come from; those to be fetched come last', () => {
  const models = [model('r2', 'run'), model('r1', 'run'), model('lite0', 'zoo')];
  const groups = groupsOf(models, [entry('lite0', 'inside'), entry('resnet50', 'no')]);
  expect(groups.map(({ kind, models }) => [kind, models.map(({ ref, here }) => [ref, here])])).toEqual([
    ['zoo', [['lite0', true]]],
    [
      'run',
      [
        ['r2', true],
        ['r1', true],
      ],
    ],
    ['away', [['resnet50', false]]],
  ]);
});
