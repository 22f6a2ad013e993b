import { caffeFirst, pixelLayerName } from './pixel-facts.ts';
import type { RunFacts } from './run-facts.ts';
import type { PortableModel } from '#engine/model/portable.ts';
import { planOf, type PlannedLayer, type WritingPlan } from '#engine/model/formats/keras/writing/plan.ts';
import { augmentText } from './text/augment.ts';
import { imagesText, type Reading } from './text/images.ts';
import { launchText } from './text/launch.ts';
import { text } from './text/literal.ts';
import { networkText } from './text/network.ts';
import { readmeText, requirements } from './text/readme.ts';
import { trainText } from './text/train.ts';

export interface Written {
  readonly reading: Reading;
  readonly first: boolean;
  readonly kept: boolean;
  readonly notes: readonly string[];
}

/** The program's files by name. Fails: `model/cannot-write`, `model/…`. */
export function programTexts(facts: RunFacts, { reading, first, kept, notes }: Written): Map<string, string> {
  const { run, model, data, splits, batchSize, classWeights, endsIn } = facts;
  const { settings } = run;
  const plan = planOf(model, 'keras', 'inside', true);
  const augmentation = settings.augmentation?.ops.length ? settings.augmentation : null;
  const files = new Map([
    [
      'train.py',
      trainText({
        ...{ name: run.name, settings, batchSize, endsIn, classWeights, first, kept },
        auxiliary: (model.spec.auxiliary ?? []).map(({ lossWeight }) => lossWeight),
        held: splits.some(({ name }) => name === 'validation'),
      }),
    ],
    [
      'network.py',
      networkText({
        plan,
        layers: asWritten(plan, model),
        outputs: plan.outputs,
        pixels: pixelLayerName(plan, model),
        bgr: caffeFirst(model),
      }),
    ],
    ['images.py', imagesText({ input: model.spec.input, augmented: augmentation !== null, reading })],
    ['classes.py', classesText(data.classes)],
    ['launch.py', launchText],
    ['requirements.txt', requirements],
    ['README.md', readmeText({ facts, reading, first, kept, notes })],
  ]);
  if (augmentation) files.set('augment.py', augmentText(augmentation, model.spec.input));
  return files;
}

/** In the order in which a person wrote them, not in Keras'. */
function asWritten({ layers }: WritingPlan, { spec }: PortableModel): PlannedLayer[] {
  const places = new Map(spec.layers.map(({ name }, place) => [name, place]));
  return layers.toSorted((a, b) => (places.get(a.layer.name) ?? -1) - (places.get(b.layer.name) ?? -1));
}

function classesText(classes: readonly string[]): string {
  const lines = classes.map((each) => `    ${text(each)},\n`);
  return `"""Names of the classes, in the order of the network's outputs."""\n\nCLASSES = [\n${lines.join('')}]\n`;
}
