import type { Augmentation, AugmentationOp } from '#contract/augmentation.ts';
import { likelihood } from '#engine/data/augment/draw.ts';
import { real } from './literal.ts';

type Op = AugmentationOp;
type Geometry = Extract<Op, { op: 'rotation' | 'shift' | 'shear' | 'zoom' }>;

const isGeometry = (op: Op): op is Geometry =>
  op.op === 'rotation' || op.op === 'shift' || op.op === 'shear' || op.op === 'zoom';

/** augment.py: the random changes, op by op. @param input height, width and channels of the images; 1 channel has no colours to change */
export function augmentText({ ops, fill, fillValue, interpolation }: Augmentation, input: readonly number[]): string {
  const [, , channels = 1] = input;
  const grouped: (Exclude<Op, Geometry> | Geometry[])[] = [];
  for (const op of ops) {
    const last = grouped.at(-1);
    if (!isGeometry(op)) grouped.push(op);
    else if (Array.isArray(last)) last.push(op);
    else grouped.push([op]);
  }
  let place = 0;
  const body = grouped.flatMap((each) => {
    if (!Array.isArray(each)) return plainLines(each, place++, channels);
    const maps = each.flatMap((op) => mapLines(op, place++));
    return [
      '    # One map of places for all of these: pixels are mixed once.',
      '    move = tf.eye(3)',
      ...maps,
      '    image = warped(image, move)',
    ];
  });
  const used = (name: string) => body.some((line) => line.includes(`${name}(`));
  const warps = used('warped');
  return [
    '"""Random changes to the training images, anew in every pass.',
    '',
    'The ranges are those of the run. The numbers drawn are not: here they come from TensorFlow, by seed, pass and image,',
    'so that the number of workers changes nothing.',
    ...(warps
      ? ['Beside the image, "wrap" and "reflect" may differ by a pixel from scipy’s, which Heatlens follows.']
      : []),
    '"""',
    '',
    ...(ops.some(({ op }) => op === 'rotation' || op === 'shear') ? ['import math', ''] : []),
    'import tensorflow as tf',
    '',
    `HEIGHT, WIDTH, CHANNELS = ${input.join(', ')}`,
    '',
    '',
    'def images(pixels, seed, number, places):',
    '    """A batch, changed. number: of the pass; places: of the images in the split."""',
    '    key = tf.random.experimental.stateless_fold_in(tf.constant([seed, 0], tf.int32), number)',
    '    changed = tf.map_fn(',
    '        lambda one: image(one[0], tf.random.experimental.stateless_fold_in(key, one[1])),',
    '        (tf.cast(pixels, tf.float32), places),',
    '        fn_output_signature=tf.TensorSpec((HEIGHT, WIDTH, CHANNELS), tf.float32),',
    '    )',
    '    return tf.cast(tf.clip_by_value(tf.round(changed), 0, 255), tf.uint8)',
    '',
    '',
    'def image(image, seed):',
    '    """One image, [height, width, channel], 0…255; between two changes values are not clipped."""',
    ...body,
    '    return tf.ensure_shape(image, (HEIGHT, WIDTH, CHANNELS))',
    '',
    '',
    drawing,
    ...(warps ? ['', '', warping(fill, fillValue, interpolation)] : []),
    ...(used('rotation') ? ['', '', rotation] : []),
    ...(used('shift') ? ['', '', shift] : []),
    ...(used('shear') ? ['', '', shear] : []),
    ...(used('zoom') ? ['', '', zoom] : []),
    ...(used('saturated') ? ['', '', saturation] : []),
    ...(used('window') ? ['', '', window] : []),
    ...(used('crop') ? ['', '', crop] : []),
    ...(used('channels_shifted') ? ['', '', channelShift] : []),
    '',
  ].join('\n');
}

/** `chance` tells whether an op is done to this image. */
function when(op: Op, place: number, change: string): string[] {
  const likely = likelihood(op);
  if (likely >= 1) return [`    image = ${change}`];
  return [`    if drawn(seed, ${place}, "chance") < ${real(likely)}:`, `        image = ${change}`];
}

function plainLines(op: Exclude<Op, Geometry>, place: number, channels: number): string[] {
  const between = (low: number, high: number) => `drawn(seed, ${place}, "x", ${real(low)}, ${real(high)})`;
  switch (op.op) {
    case 'flip-left-right':
      return when(op, place, 'tf.image.flip_left_right(image)');
    case 'flip-up-down':
      return when(op, place, 'tf.image.flip_up_down(image)');
    case 'random-crop':
      return when(op, place, `crop(image, ${op.padding}, seed, ${place})`);
    case 'crop-and-resize':
      return when(op, place, `window(image, ${between(op.least, op.most)}, seed, ${place})`);
    case 'brightness':
      return when(op, place, `tf.image.adjust_brightness(image, 255 * ${between(-op.delta, op.delta)})`);
    case 'contrast':
      return when(op, place, `tf.image.adjust_contrast(image, ${between(op.low, op.high)})`);
    case 'saturation':
      if (channels !== 3) return ['    # Saturation: grey images have none.'];
      return when(op, place, `saturated(image, ${between(op.low, op.high)})`);
    case 'hue':
      if (channels !== 3) return ['    # Hue: grey images have none.'];
      return when(op, place, `tf.image.adjust_hue(image, ${between(-op.delta, op.delta)})`);
    case 'channel-shift':
      return when(op, place, `channels_shifted(image, ${between(-op.range, op.range)})`);
  }
}

function mapLines(op: Geometry, place: number): string[] {
  const between = (low: number, high: number, axis = 'x') =>
    `drawn(seed, ${place}, "${axis}", ${real(low)}, ${real(high)})`;
  const around = (most: number, axis = 'x') => between(-most, most, axis);
  const likely = likelihood(op);
  const done = (map: string) =>
    likely >= 1
      ? [`    move = tf.matmul(move, ${map})`]
      : [`    if drawn(seed, ${place}, "chance") < ${real(likely)}:`, `        move = tf.matmul(move, ${map})`];
  switch (op.op) {
    case 'rotation':
      return done(`rotation(${around(op.degrees)})`);
    case 'shift':
      return done(`shift(${around(op.width)}, ${around(op.height, 'y')})`);
    case 'shear':
      return done(`shear(${around(op.degrees)})`);
    case 'zoom': {
      const x = between(op.low, op.high);
      return done(`zoom(${x}, ${op.together ? x : between(op.low, op.high, 'y')})`);
    }
  }
}

const drawing = String.raw`def drawn(seed, place, axis, low=0.0, high=1.0):
    """A number for the op at this place in the list: the same for the same image in the same pass."""
    stream = 4 * place + ("chance", "x", "y", "z").index(axis)
    folded = tf.random.experimental.stateless_fold_in(seed, stream)
    return tf.random.stateless_uniform((), folded, low, high)`;

const modes = { constant: 'CONSTANT', nearest: 'NEAREST', reflect: 'REFLECT', wrap: 'WRAP' } as const;

const warping = (fill: Augmentation['fill'], value: number, interpolation: Augmentation['interpolation']) =>
  String.raw`def warped(image, move):
    """Reads the pixel of each place where the map says, about the middle of the image."""
    x, y = WIDTH / 2 - 0.5, HEIGHT / 2 - 0.5
    to_middle = tf.constant([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])
    back = tf.constant([[1.0, 0.0, -x], [0.0, 1.0, -y], [0.0, 0.0, 1.0]])
    move = tf.matmul(tf.matmul(to_middle, move), back)
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=image[None],
        transforms=tf.reshape(move, (1, 9))[:, :8],
        output_shape=(HEIGHT, WIDTH),
        interpolation="${interpolation.toUpperCase()}",
        fill_mode="${modes[fill]}",
        fill_value=${real(value)},
    )[0]`;

const rotation = String.raw`def rotation(degrees):
    angle = degrees * math.pi / 180
    cos, sin = tf.cos(angle), tf.sin(angle)
    return tf.reshape(tf.stack([cos, -sin, 0, sin, cos, 0, 0, 0, 1]), (3, 3))`;

const shift = String.raw`def shift(across, down):
    """By parts of the sides."""
    return tf.reshape(tf.stack([1, 0, across * WIDTH, 0, 1, down * HEIGHT, 0, 0, 1]), (3, 3))`;

const shear = String.raw`def shear(degrees):
    angle = degrees * math.pi / 180
    return tf.reshape(tf.stack([1, -tf.sin(angle), 0, 0, tf.cos(angle), 0, 0, 0, 1]), (3, 3))`;

const zoom = String.raw`def zoom(across, down):
    """Below 1 comes nearer."""
    return tf.reshape(tf.stack([across, 0, 0, 0, down, 0, 0, 0, 1]), (3, 3))`;

const saturation = String.raw`def saturated(image, factor):
    return tf.image.adjust_saturation(image, factor)`;

const window = String.raw`def window(image, share, seed, place):
    """A window of this share of both sides, somewhere, brought back to full size."""
    sizes = tf.maximum(1, tf.cast(tf.round(share * (HEIGHT, WIDTH)), tf.int32))
    left = (HEIGHT, WIDTH) - sizes
    top = tf.cast(drawn(seed, place, "y") * tf.cast(left[0] + 1, tf.float32), tf.int32)
    side = tf.cast(drawn(seed, place, "z") * tf.cast(left[1] + 1, tf.float32), tf.int32)
    part = image[top : top + sizes[0], side : side + sizes[1]]
    return tf.image.resize(part, (HEIGHT, WIDTH))`;

const crop = String.raw`def crop(image, padding, seed, place):
    """A part of the image's own size, of the image with zeros around it."""
    top = tf.cast(drawn(seed, place, "x", 0.0, 2.0 * padding + 1), tf.int32)
    left = tf.cast(drawn(seed, place, "y", 0.0, 2.0 * padding + 1), tf.int32)
    around = tf.pad(image, ((padding, padding), (padding, padding), (0, 0)))
    return around[top : top + HEIGHT, left : left + WIDTH]`;

const channelShift = String.raw`def channels_shifted(image, more):
    """Within what the image had."""
    return tf.clip_by_value(image + more, tf.reduce_min(image), tf.reduce_max(image))`;
