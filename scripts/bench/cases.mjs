const small = { height: 28, width: 28, channels: 1, classes: 10 };
const cifar = { height: 32, width: 32, channels: 3, classes: 10 };
const photo = { height: 224, width: 224, channels: 3, classes: 10 };
const imagenet = { ...photo, classes: 1000 };

const training = { work: 'train', data: 'made-up', unit: 'images/s', learningRate: 0.0001 };
const prediction = { work: 'predict', data: 'made-up', unit: 'images/s', learningRate: 0 };

/**
 * What is measured. `steps`: of a round; `quick`: of one with --quick. `targets`: our ratio to a peer, from issue 4.
 * @type {{ name: string, title: string, work: string, preset: string, images: object, data: string, batch: number,
 *   steps: number, quick: number, group?: string, learningRate: number, unit: string, targets: Record<string, number> }[]}
 */
export const cases = [
  {
    ...training,
    name: 'n1',
    title: 'Training, MNIST CNN (N1), batch 128, Adam, real MNIST',
    preset: 'mnist-cnn',
    images: small,
    data: 'mnist',
    batch: 128,
    steps: 60,
    quick: 15,
    learningRate: 0.001,
    targets: { keras: 1.1, stock: 1.5 },
  },
  {
    ...training,
    name: 'resnet-18',
    title: 'Training, ResNet-18 on 32×32, batch 64, Adam',
    preset: 'resnet-18',
    images: cifar,
    batch: 64,
    steps: 8,
    quick: 1,
    targets: { keras: 1, stock: 1.7 },
  },
  {
    ...training,
    name: 'augmented',
    title: 'Training, ResNet-18 on 32×32 as above, images augmented (flip, crop, rotation, brightness)',
    preset: 'resnet-18',
    images: cifar,
    batch: 64,
    steps: 8,
    quick: 1,
    augmentation: {
      ops: [
        { op: 'flip-left-right' },
        { op: 'random-crop', padding: 4 },
        { op: 'rotation', degrees: 15 },
        { op: 'brightness', delta: 0.2 },
      ],
    },
    targets: { plain: 0.75 },
  },
  {
    ...training,
    name: 'googlenet',
    title: 'Training, GoogLeNet with both auxiliary outputs on 224×224, batch 8, Adam',
    preset: 'googlenet',
    images: photo,
    batch: 8,
    steps: 5,
    quick: 1,
    targets: {},
  },
  {
    ...training,
    name: 'alexnet',
    title: 'Training, AlexNet on 227×227, batch 16, Adam',
    preset: 'alexnet',
    images: { ...photo, height: 227, width: 227 },
    batch: 16,
    steps: 5,
    quick: 1,
    targets: {},
  },
  {
    ...prediction,
    name: 'resnet-50',
    title: 'Prediction, ResNet-50 on 224×224, batch 1',
    preset: 'resnet-50',
    images: imagenet,
    batch: 1,
    steps: 60,
    quick: 12,
    targets: { keras: 1.2 },
  },
  {
    ...prediction,
    name: 'resnet-50-32',
    title: 'Prediction, ResNet-50 on 224×224, batch 32',
    preset: 'resnet-50',
    images: imagenet,
    batch: 32,
    steps: 3,
    quick: 1,
    targets: { keras: 1.2 },
  },
  ...[
    { preset: 'efficientnet-lite0', network: 'EfficientNet-Lite0', steps: 20, quick: 4 },
    { preset: 'resnet-50', network: 'ResNet-50', steps: 10, quick: 2 },
  ].map(({ network, ...one }) => ({
    ...training,
    ...one,
    work: 'fine-tune',
    group: 'fine-tune',
    name: `fine-tune-${one.preset}`,
    title: `Fine-tuning, an epoch after the first: ${network} frozen, new head, 224×224, batch 32, Adam`,
    images: { ...photo, classes: 2 },
    batch: 32,
    learningRate: 0.001,
    targets: { keras: 20 },
  })),
  ...[
    { preset: 'efficientnet-lite0', network: 'EfficientNet-Lite0', batch: 1, steps: 60, quick: 12 },
    { preset: 'efficientnet-lite0', network: 'EfficientNet-Lite0', batch: 8, steps: 15, quick: 4 },
    { preset: 'resnet-50', network: 'ResNet-50', batch: 1, steps: 30, quick: 6 },
    { preset: 'resnet-50', network: 'ResNet-50', batch: 8, steps: 5, quick: 2 },
  ].map(({ network, ...one }) => ({
    ...prediction,
    ...one,
    work: 'explain',
    group: 'grad-cam',
    name: `grad-cam-${one.preset}-${one.batch}`,
    title: `Grad-CAM of the most probable class, ${network} on 224×224, batch ${one.batch}`,
    images: imagenet,
    targets: { tape: 2 },
  })),
  {
    ...prediction,
    name: 'import',
    title: 'Import of 20,000 photos of 320×240 (JPEG) to 224×224',
    work: 'import',
    preset: 'mnist-cnn',
    images: photo,
    batch: 1,
    steps: 20_000,
    quick: 1000,
    targets: { sharp: 0.8 },
  },
  {
    ...prediction,
    name: 'video',
    title: 'A film of 640×272 beside its Grad-CAM, EfficientNet-Lite0: from its file to the one made',
    work: 'film',
    preset: 'efficientnet-lite0',
    images: imagenet,
    batch: 1,
    steps: 250,
    quick: 50,
    unit: 'frames/s',
    targets: { bound: 0.83, 'film-tape': 5 },
  },
  {
    ...prediction,
    name: 'start',
    title: 'Start-up: from nothing to an engine that computes',
    work: 'start',
    preset: 'mnist-cnn',
    images: small,
    batch: 1,
    steps: 1,
    quick: 1,
    unit: 's',
    targets: {},
  },
];

/** @param {string[]} names of cases, or of a group of them; none = all. Throws on an unknown one. */
export function chosenCases(names) {
  const known = new Set(cases.flatMap(({ name, group }) => (group ? [name, group] : [name])));
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new Error(`there is no case ${unknown.join(', ')}; there are ${[...known].join(', ')}.`);
  return names.length === 0 ? cases : cases.filter(({ name, group }) => names.includes(name) || names.includes(group));
}
