import { expect, test } from 'vitest';
import { savedName } from '#features/film/player/player-save.ts';

const made = (name: string, method = 'grad-cam') =>
  savedName({ name, settings: { method } } as unknown as Parameters<typeof savedName>[0]);

test.each([
  ['bikes.mp4', 'bikes_gradcam'],
  ['a.long.name.mov', 'a.long.name_gradcam'],
  ['frames', 'frames_gradcam'],
  ['what: where?.mkv', 'what_ where__gradcam'],
])('%s is saved as %s', (name, saved) => expect(made(name)).toBe(saved));

test('the method stands in the name', () => expect(made('a.mp4', 'grad-cam++')).toBe('a_gradcam++'));
