import { expect, test } from 'vitest';
import { doorOf, Navigation } from '#state/navigation.svelte.ts';

test('"Where does it look?" goes to the photos with model and picture in hand; what is not said stays', () => {
  const navigation = new Navigation();
  navigation.lookView = 'draw';
  navigation.photoPane = 'tree';
  navigation.look({ model: 'run-1', picture: { dataset: 'mnist', split: 'test', index: 7 } });
  expect([navigation.page, navigation.lookView, navigation.photoPane]).toEqual(['look', 'photos', 'picture']);
  navigation.look({ picture: { photo: 'p' } });
  expect([navigation.model, navigation.picture]).toEqual(['run-1', { photo: 'p' }]);
});

test('a side room belongs to a door of the rail', () => {
  expect([doorOf('compare'), doorOf('look')]).toEqual(['train', 'look']);
});
