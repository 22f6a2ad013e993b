import { z } from 'zod';

const share = (most: number) => z.number().min(0).max(most);
/** How likely the op is for an image; absent = 1, of flips ½. */
const probability = z.number().min(0).max(1).optional();

/**
 * Random changes to an image before a step, in the order of the list. Each draws evenly from its range, by
 * (seed, pass over the images, index of the image, place in the list), so that the number of threads changes nothing.
 * Values between two ops are floats 0…255, not clipped; after the last they are rounded and clipped to bytes.
 * Photometric ops are `tf.image`'s on images of 0…1, geometric ones those of Keras' `ImageDataGenerator`.
 */
export const augmentationOp = z.discriminatedUnion('op', [
  /** tf.image.random_flip_left_right, random_flip_up_down. */
  z.object({ op: z.literal('flip-left-right'), probability }),
  z.object({ op: z.literal('flip-up-down'), probability }),
  /** tf.image.random_crop after padding so many pixels of zeros on every side; the size stays. */
  z.object({ op: z.literal('random-crop'), padding: z.number().int().min(0).max(512), probability }),
  /** A window of this share of both sides, somewhere, brought back to full size (bilinear, half-pixel centres). */
  z.object({
    op: z.literal('crop-and-resize'),
    least: z.number().gt(0).max(1),
    most: z.number().gt(0).max(1),
    probability,
  }),
  /** tf.image.random_brightness: adds −delta…delta of the full range. */
  z.object({ op: z.literal('brightness'), delta: share(1), probability }),
  /** tf.image.random_contrast: (x − mean of the channel) · f + mean, f in low…high. */
  z.object({ op: z.literal('contrast'), low: share(10), high: share(10), probability }),
  /** tf.image.random_saturation: the S of HSV times f in low…high. RGB only; grey images stay as they are. */
  z.object({ op: z.literal('saturation'), low: share(10), high: share(10), probability }),
  /** tf.image.random_hue: the hue turned by −delta…delta of a full turn. RGB only. */
  z.object({ op: z.literal('hue'), delta: share(0.5), probability }),
  /** ImageDataGenerator's rotation_range, −degrees…degrees. */
  z.object({ op: z.literal('rotation'), degrees: share(180), probability }),
  /** width_shift_range and height_shift_range, parts of the side. */
  z.object({ op: z.literal('shift'), width: share(1), height: share(1), probability }),
  /** shear_range, degrees. */
  z.object({ op: z.literal('shear'), degrees: share(89), probability }),
  /** zoom_range; below 1 comes nearer. Both axes on their own, as Keras does, unless `together`. */
  z.object({
    op: z.literal('zoom'),
    low: z.number().min(0.05).max(10),
    high: z.number().min(0.05).max(10),
    together: z.boolean().optional(),
    probability,
  }),
  /** channel_shift_range: each channel plus −range…range of 255, clipped to the image's own extremes as Keras does. */
  z.object({ op: z.literal('channel-shift'), range: share(255), probability }),
]);
export type AugmentationOp = z.infer<typeof augmentationOp>;

export const augmentation = z.object({
  ops: z.array(augmentationOp).max(32),
  /** What lies beside the image: Keras' fill_mode. */
  fill: z.enum(['constant', 'nearest', 'reflect', 'wrap']).default('nearest'),
  /** Of `constant`, 0…255. */
  fillValue: z.number().min(0).max(255).default(0),
  /** Between pixels; Keras' interpolation_order 1 and 0. */
  interpolation: z.enum(['bilinear', 'nearest']).default('bilinear'),
});
export type Augmentation = z.infer<typeof augmentation>;
