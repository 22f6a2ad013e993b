import { expect, test } from 'vitest';
import { placeLayers } from '#engine/model/placement.ts';
import { zoo } from '#engine/model/zoo/definitions.ts';
import { forAnyClasses } from '#engine/model/zoo/for-any-classes.ts';

test.each(zoo.map(({ id, network }) => [id, network] as const))(
  '%s can be trained for seven classes',
  (_id, network) => {
    const [height, width, channels] = network().input;
    const placed = placeLayers(forAnyClasses(network()), { height, width, channels, classes: 7 });
    expect(placed.at(-1)?.facts.outputShape).toEqual([7]);
    const before = placeLayers(network(), { height, width, channels, classes: 1000 });
    expect(before.at(-1)?.facts.outputShape).toEqual([1000]);
    expect(placed.length).toBeGreaterThan(before.length - 5);
  },
);
