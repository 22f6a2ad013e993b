import { caffeFirst, pixelLayerName } from './pixel-facts.ts';
import type { RunFacts } from './run-facts.ts';
import type { PortableModel } from '#engine/model/portable.ts';
import { planOf, type PlannedLayer, type WritingPlan } from '#engine/model/formats/keras/writing/plan.ts';
import { augmentText } from './text/augment.ts';
import { imagesText, type Reading } from './text/images.ts';
import { launchText } from './text/launch.ts';
import { normalizes } from './text/layer.ts';
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
  const weighted = splits.some(({ weights }) => weights !== undefined);
  const bgr = caffeFirst(model);
  const augmentation = settings.augmentation?.ops.length ? settings.augmentation : null;
  const files = new Map([
    [
      'train.py',
      trainText({
        ...{ name: run.name, settings, batchSize, endsIn, classWeights, weighted, first, kept },
        auxiliary: (model.spec.auxiliary ?? []).map(({ lossWeight }) => lossWeight),
        held: splits.some(({ name }) => name === 'validation'),
        tested: splits.some(({ name }) => name === 'test'),
        normalizes: plan.layers.some(normalizes),
        tuned: run.tuned !== undefined,
        pixelKernel: bgr ? pixelLayerName(plan, model) : null,
      }),
    ],
    [
      'network.py',
      networkText({
        plan,
        layers: asWritten(plan, model),
        outputs: plan.outputs,
        bgr,
      }),
    ],
    [
      'images.py',
      imagesText({
        ...{ input: model.spec.input, augmented: augmentation !== null, reading, weighted },
        shuffled: settings.shuffle ?? true,
      }),
    ],
    ['classes.py', classesText(data.classes)],
    ['launch.py', launchText],
    ['requirements.txt', requirements(reading)],
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
