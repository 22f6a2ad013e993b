import type { ModelLook, ReadFormat } from '#contract/models.ts';
import { AppError } from '#contract/failures.ts';
import { placeLayers } from '../../../placement.ts';
import { product } from '../../../layer-facts.ts';
import type { PortableModel, PortableTraining } from '../../../portable.ts';
import type { NamedValues } from '../../../safetensors.ts';
import { damaged } from '../../file-problem.ts';
import type { FileFacts } from '../../read-model.ts';
import { matchWeights, type FoundWeight } from './match-weights.ts';
import type { OwnWords } from './own-words.ts';
import type { ReadNetwork } from './read-network.ts';
import type { StoredLayer } from './stored-weights.ts';

/** What a file is, for the person who chooses. */
export function lookOf(
  file: FileFacts,
  format: ReadFormat,
  network: ReadNetwork,
  words: OwnWords | null,
  optimizer: string | undefined,
  notes: ReadonlySet<string>,
): ModelLook {
  const [height, width, channels] = network.spec.input;
  const { classes, endsIn } = network;
  const placed = placeLayers(network.spec, { height, width, channels, classes });
  const parameters = placed.flatMap(({ facts }) => facts.weights).reduce((sum, { shape }) => sum + product(shape), 0);
  return {
    ...{ path: file.path, format, name: network.spec.name, bytes: file.bytes, notes: [...notes] },
    network: { height, width, channels, classes, layers: network.spec.layers.length, parameters, endsIn },
    ...(words && { pixels: words.pixels }),
    ...(words && words.classes.length === classes && { classes: words.classes }),
    ...(optimizer !== undefined && { optimizer }),
  };
}

export function portableOf(
  network: ReadNetwork,
  words: OwnWords | null,
  weights: readonly NamedValues[],
  training?: PortableTraining,
): PortableModel {
  return {
    spec: network.spec,
    pixels: words?.pixels ?? { kind: 'none' },
    classes: words && words.classes.length === network.classes ? words.classes : [],
    weights,
    ...(training && { training }),
  };
}

/** Where the weights of the file's own network lie. Throws `FileProblem` where they are not what its layers say. */
export function weightsOf(network: ReadNetwork, stored: readonly StoredLayer[]): FoundWeight[] {
  const constant = new Set([...network.constants.keys()].map((name) => name.slice(0, name.lastIndexOf('/'))));
  try {
    return matchWeights(
      network.wanted,
      // A layer whose values are arguments may have counted what it saw.
      stored.filter(({ name }) => !constant.has(name)),
    );
  } catch (thrown) {
    if (thrown instanceof AppError) throw damaged(String(thrown.details?.['reason'] ?? thrown.message));
    throw thrown;
  }
}

/** All weights in the network's order, those that the file has as arguments among them. */
export function inOrder(network: ReadNetwork, read: readonly NamedValues[]): NamedValues[] {
  const values = new Map(read.map((each) => [each.name, each]));
  const [height, width, channels] = network.spec.input;
  const placed = placeLayers(network.spec, { height, width, channels, classes: network.classes });
  return placed.flatMap(({ layer, facts }) =>
    facts.weights.map(({ name, shape }) => {
      const whole = `${layer.name}/${name}`;
      const constant = network.constants.get(whole);
      const found = constant ? { name: whole, shape, values: constant } : values.get(whole);
      if (!found) throw damaged(`it has no values for ${whole}`);
      return found;
    }),
  );
}
