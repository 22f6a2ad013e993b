import { expect, test } from 'vitest';
import { augmentationOp, type AugmentationOp } from '#contract/augmentation.ts';
import { augmentText } from '#engine/predict/program/text/augment.ts';

const one: Readonly<Record<AugmentationOp['op'], readonly [op: AugmentationOp, line: string]>> = {
  'flip-left-right': [{ op: 'flip-left-right' }, 'tf.image.flip_left_right(image)'],
  'flip-up-down': [{ op: 'flip-up-down' }, 'tf.image.flip_up_down(image)'],
  'random-crop': [{ op: 'random-crop', padding: 4 }, 'crop(image, 4, seed, 0)'],
  'crop-and-resize': [{ op: 'crop-and-resize', least: 0.5, most: 1 }, 'drawn(seed, 0, "x", 0.5, 1.0)'],
  brightness: [{ op: 'brightness', delta: 0.2 }, '255 * drawn(seed, 0, "x", -0.2, 0.2)'],
  contrast: [{ op: 'contrast', low: 0.5, high: 2 }, 'adjust_contrast(image, drawn(seed, 0, "x", 0.5, 2.0))'],
  saturation: [{ op: 'saturation', low: 0.5, high: 2 }, 'saturated(image, drawn(seed, 0, "x", 0.5, 2.0))'],
  hue: [{ op: 'hue', delta: 0.1 }, 'adjust_hue(image, drawn(seed, 0, "x", -0.1, 0.1))'],
  rotation: [{ op: 'rotation', degrees: 15 }, 'rotation(drawn(seed, 0, "x", -15.0, 15.0))'],
  shift: [{ op: 'shift', width: 0.1, height: 0.2 }, 'drawn(seed, 0, "y", -0.2, 0.2)'],
  shear: [{ op: 'shear', degrees: 5 }, 'shear(drawn(seed, 0, "x", -5.0, 5.0))'],
  zoom: [{ op: 'zoom', low: 0.8, high: 1.2 }, 'drawn(seed, 0, "y", 0.8, 1.2)'],
  'channel-shift': [{ op: 'channel-shift', range: 20 }, 'channels_shifted(image, drawn(seed, 0, "x", -20.0, 20.0))'],
};
const surroundings = { fill: 'reflect', fillValue: 3, interpolation: 'bilinear' } as const;

test.each(augmentationOp.options.map(({ shape }) => shape.op.value))('%s has its line, with its range', (name) => {
  const [op, line] = one[name];
  expect(augmentText({ ops: [op], ...surroundings }, [8, 6, 3]).replace(/\s+/g, ' ')).toContain(line);
});

test('every function that is called is there, and no other', () => {
  for (const [op] of Object.values(one)) {
    const text = augmentText({ ops: [op], ...surroundings }, [8, 6, 3]);
    const made = [...text.matchAll(/^def (\w+)/gm)].map(([, name]) => name ?? '');
    for (const name of made.filter((each) => each !== 'images')) {
      expect(text.match(new RegExp(`\\b${name}\\(`, 'g'))?.length, `${op.op}: ${name}`).toBeGreaterThan(1);
    }
  }
});

test('neighbouring maps of places become one; what grey images have not is said', () => {
  const ops: AugmentationOp[] = [
    { op: 'rotation', degrees: 5, probability: 0.5 },
    { op: 'zoom', low: 0.9, high: 1.1, together: true },
    { op: 'hue', delta: 0.1 },
  ];
  const text = augmentText({ ops, ...surroundings }, [8, 6, 1]);
  expect(text.match(/image = warped\(/g)).toHaveLength(1);
  expect(text).toContain('if drawn(seed, 0, "chance") < 0.5:');
  expect(text).toContain('# Hue: grey images have none.');
  expect(text).toContain('fill_mode="REFLECT"');
});
