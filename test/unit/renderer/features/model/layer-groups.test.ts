import { expect, test } from 'vitest';
import { layerKinds } from '#contract/layer-fields.ts';
import { layerGroups, matchOf } from '../../../../../renderer/features/model/layer-groups.ts';

test('every layer is in one group', () => {
  const grouped = layerGroups(layerKinds).flatMap(({ kinds }) => kinds);
  expect(grouped.toSorted()).toEqual(layerKinds.toSorted());
});

test('a name that was typed in full comes before names that begin so, these before names that have it inside', () => {
  const by = (typed: string) =>
    layerKinds.map((kind) => ({ kind, match: matchOf(kind, typed) })).filter(({ match }) => match > 0);
  const best = (typed: string) => by(typed).sort((a, b) => b.match - a.match)[0]?.kind;
  expect(best('add')).toBe('Add');
  expect(best('conv')).toBe('Conv2D');
  expect(best('elu')).toBe('ELU');
  expect(by('pool').map(({ kind }) => kind)).toHaveLength(4);
  expect(matchOf('Dropout', 'left out', ['some values left out in training'])).toBeGreaterThan(0);
  expect(matchOf('Dropout', 'xyz', ['some values left out in training'])).toBe(0);
});
