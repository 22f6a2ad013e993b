/** Names as batches.meta.txt, fine_label_names.txt and coarse_label_names.txt of the sets have them, in label order. */

export const cifar10Classes: readonly string[] = words('airplane automobile bird cat deer dog frog horse ship truck');

/** CIFAR-100's superclasses in label order, each with its five classes (the table of the sets' page). */
const groups: readonly (readonly [name: string, classes: string])[] = [
  ['aquatic_mammals', 'beaver dolphin otter seal whale'],
  ['fish', 'aquarium_fish flatfish ray shark trout'],
  ['flowers', 'orchid poppy rose sunflower tulip'],
  ['food_containers', 'bottle bowl can cup plate'],
  ['fruit_and_vegetables', 'apple mushroom orange pear sweet_pepper'],
  ['household_electrical_devices', 'clock keyboard lamp telephone television'],
  ['household_furniture', 'bed chair couch table wardrobe'],
  ['insects', 'bee beetle butterfly caterpillar cockroach'],
  ['large_carnivores', 'bear leopard lion tiger wolf'],
  ['large_man-made_outdoor_things', 'bridge castle house road skyscraper'],
  ['large_natural_outdoor_scenes', 'cloud forest mountain plain sea'],
  ['large_omnivores_and_herbivores', 'camel cattle chimpanzee elephant kangaroo'],
  ['medium_mammals', 'fox porcupine possum raccoon skunk'],
  ['non-insect_invertebrates', 'crab lobster snail spider worm'],
  ['people', 'baby boy girl man woman'],
  ['reptiles', 'crocodile dinosaur lizard snake turtle'],
  ['small_mammals', 'hamster mouse rabbit shrew squirrel'],
  ['trees', 'maple_tree oak_tree palm_tree pine_tree willow_tree'],
  ['vehicles_1', 'bicycle bus motorcycle pickup_truck train'],
  ['vehicles_2', 'lawn_mower rocket streetcar tank tractor'],
];

export const cifar100Superclasses: readonly string[] = groups.map(([name]) => name);

/** Fine labels follow the alphabet. */
export const cifar100Classes: readonly string[] = groups.flatMap(([, classes]) => words(classes)).sort();

/** The superclass of each fine class, in class order. */
export const cifar100Groups: readonly number[] = cifar100Classes.map((name) =>
  groups.findIndex(([, classes]) => words(classes).includes(name)),
);

function words(text: string): string[] {
  return text.split(' ');
}
