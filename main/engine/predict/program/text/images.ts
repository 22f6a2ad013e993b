import { batchText, orderText, type BatchText } from './batches.ts';
import { py } from './python.ts';
import { readTexts, type Reading, type ReadingText } from './reading.ts';

export type { Reading } from './reading.ts';

export interface ImagesText extends BatchText, ReadingText {}

/** images.py: reading, order, and who gets which part of a batch. */
export function imagesText(parts: ImagesText): string {
  const { input, augmented, shuffled, reading } = parts;
  const head = py`
"""The images of the run: reading, their order, and who gets which part of a batch."""

${standardImports[reading.kind]}
import numpy as np
import tensorflow as tf
${reading.kind === 'pictures' && 'from PIL import Image, ImageOps'}
${augmented && ['', 'import augment']}

HEIGHT, WIDTH, CHANNELS = ${input.join(', ')}
`;
  const sections = [splitText(parts), ...readTexts(parts), shuffled && orderText, batchText(parts)];
  return `${[head, ...sections.filter((section) => section !== false)].join('\n\n\n')}\n`;
}

const standardImports: Readonly<Record<Reading['kind'], readonly string[]>> = {
  arrays: [],
  idx: ['import gzip', 'import struct', ''],
  pictures: ['import csv', 'from concurrent.futures import ThreadPoolExecutor', 'from pathlib import Path', ''],
};

const splitText = ({ weighted }: ImagesText) => py`
class Split:
    """Images [image, height, width, channel], 0…255, and their labels."""

    def __init__(self, images, labels${weighted && ', weights=None'}):
        self.images = images
        self.labels = np.asarray(labels, np.int32)
        ${weighted && 'self.weights = weights  # how much the loss of each training image counts'}

    def __len__(self):
        return len(self.labels)
`;
