import { AppError } from '#contract/failures.ts';
import type { ZooDefinition } from './definition.ts';
import { efficientnetLite0 } from './efficientnet-lite0.ts';

/** Features N4; the one that comes with the app first. */
export const zoo: readonly ZooDefinition[] = [efficientnetLite0];

/** Fails: `zoo/unknown`. */
export function findDefinition(id: string): ZooDefinition {
  const found = zoo.find((each) => each.id === id);
  if (found) return found;
  const known = zoo.map((each) => each.id).join(', ');
  throw new AppError('zoo/unknown', `There is no model "${id}" in the zoo; known are ${known}.`, { model: id, known });
}
