import { AppError } from '#contract/failures.ts';
import type { ZooDefinition } from './definition.ts';
import { densenet121 } from './densenet.ts';
import { efficientnetLite0 } from './efficientnet-lite0.ts';
import { inceptionResNetV2 } from './inception-resnet-v2.ts';
import { inceptionV3 } from './inception-v3.ts';
import { mobilenet, mobilenetV2 } from './mobilenet.ts';
import { nasnetLarge, nasnetMobile } from './nasnet.ts';
import { resnet101, resnet152, resnet50 } from './resnet.ts';
import { vgg16, vgg19 } from './vgg.ts';
import { xception } from './xception.ts';

/** Features N4; the one that comes with the app first. */
export const zoo: readonly ZooDefinition[] = [
  efficientnetLite0,
  mobilenet,
  mobilenetV2,
  nasnetMobile,
  densenet121,
  resnet50,
  resnet101,
  resnet152,
  inceptionV3,
  xception,
  inceptionResNetV2,
  vgg16,
  vgg19,
  nasnetLarge,
];

/** Fails: `zoo/unknown`. */
export function findDefinition(id: string): ZooDefinition {
  const found = zoo.find((each) => each.id === id);
  if (found) return found;
  const known = zoo.map((each) => each.id).join(', ');
  throw new AppError('zoo/unknown', `There is no model "${id}" in the zoo; known are ${known}.`, { model: id, known });
}
