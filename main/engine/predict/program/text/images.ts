import { literal } from './literal.ts';

/** Where images come from: arrays that were written beside the program, or the files that the data set was made of. */
export type Reading =
  | { readonly kind: 'arrays' }
  | { readonly kind: 'idx'; readonly pairs: readonly (readonly [images: string, labels: string])[] }
  | { readonly kind: 'pictures'; readonly folder: string; readonly fit: 'crop' | 'pad' | 'stretch' };

export interface ImagesText {
  readonly input: readonly number[];
  readonly augmented: boolean;
  readonly reading: Reading;
}

/** images.py: reading, order, and who gets which part of a batch. */
export function imagesText({ input, augmented, reading }: ImagesText): string {
  const modules = { arrays: [], idx: ['gzip', 'struct'], pictures: ['csv'] }[reading.kind];
  const imports = [...modules, ...(reading.kind === 'arrays' ? [] : [])].sort().map((name) => `import ${name}`);
  const future = reading.kind === 'pictures' ? ['from concurrent.futures import ThreadPoolExecutor'] : [];
  const standard = [...imports, ...future];
  return [
    '"""The images of the run: reading, their order, and who gets which part of a batch."""',
    '',
    ...(standard.length > 0 ? [...standard, ''] : []),
    'import numpy as np',
    'import tensorflow as tf',
    ...(augmented ? ['', 'import augment'] : []),
    '',
    `HEIGHT, WIDTH, CHANNELS = ${input.map((side) => literal(side)).join(', ')}`,
    '',
    '',
    splitClass,
    '',
    '',
    ...readLines(reading),
    '',
    '',
    orderLines,
    '',
    '',
    batchLines(augmented),
    '',
  ].join('\n');
}

const splitClass = String.raw`class Split:
    """Images [image, height, width, channel], 0…255, and their labels."""

    def __init__(self, images, labels, weights=None):
        self.images = images
        self.labels = np.asarray(labels, np.int32)
        # How much the loss of each image counts.
        self.weights = np.ones(len(labels), np.float32) if weights is None else weights

    def __len__(self):
        return len(self.labels)`;

function readLines(reading: Reading): string[] {
  switch (reading.kind) {
    case 'arrays':
      return [arrayLines];
    case 'idx':
      return ['PAIRS = [', ...reading.pairs.map((pair) => `    ${literal(pair)},`), ']', '', '', idxLines];
    case 'pictures':
      return [`FOLDER = ${literal(reading.folder)}`, '', '', pictureLines(reading.fit)];
  }
}

const arrayLines = String.raw`def read(folder, name):
    """The split of that name, "train", "validation" or "test"; None where the run has none. Nothing is copied."""
    if not (folder / f"{name}-labels.npy").exists():
        return None
    images = np.load(folder / f"{name}-images.npy", mmap_mode="r")
    weights = folder / f"{name}-weights.npy"
    return Split(
        images,
        np.load(folder / f"{name}-labels.npy"),
        np.load(weights) if weights.exists() else None,
    )`;

const idxLines = String.raw`def read(folder, name):
    """The split of that name, "train", "validation" or "test"; None where the run has none.

    splits.npz says for each of its images in which pair of files it lies, at which place, and its label.
    """
    known = np.load(folder / "splits.npz")
    if f"{name}_label" not in known:
        return None
    labels = known[f"{name}_label"]
    images = np.empty((len(labels), HEIGHT, WIDTH, CHANNELS), np.uint8)
    for number, (file, _) in enumerate(PAIRS):
        here = known[f"{name}_file"] == number
        if here.any():
            images[here] = read_idx(folder, file)[known[f"{name}_place"][here]]
    weights = known[f"{name}_weight"] if f"{name}_weight" in known else None
    return Split(images, labels, weights)


def read_idx(folder, file):
    """An IDX file, packed by gzip or not: yann.lecun.com/exdb/mnist. In the folder, or where it was."""
    path = folder / file.replace("\\", "/").split("/")[-1]
    path = path if path.exists() else file
    with open(path, "rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
    with (gzip.open if packed else open)(path, "rb") as values:
        dimensions = values.read(4)[3]
        shape = struct.unpack(f">{dimensions}I", values.read(4 * dimensions))
        return np.frombuffer(values.read(), np.uint8).reshape(shape[0], HEIGHT, WIDTH, CHANNELS)`;

const fits = {
  stretch: ['    picture = tf.image.resize(picture, (HEIGHT, WIDTH), antialias=True)'],
  pad: [
    '    # Whole, with black beside it.',
    '    picture = tf.image.resize_with_pad(picture, HEIGHT, WIDTH, antialias=True)',
  ],
  crop: [
    '    # The largest box of these proportions in the middle, as keras.utils.img_to_array(smart_resize) cuts it.',
    '    height, width = picture.shape[:2]',
    '    kept = max(1, min(width, height * WIDTH // HEIGHT))',
    '    high = max(1, min(height, width * HEIGHT // WIDTH))',
    '    left, top = (width - kept) // 2, (height - high) // 2',
    '    picture = picture[top : top + high, left : left + kept]',
    '    picture = tf.image.resize(picture, (HEIGHT, WIDTH), antialias=True)',
  ],
} as const;

const pictureLines = (fit: keyof typeof fits) => String.raw`def read(folder, name):
    """The split of that name, "train", "validation" or "test"; None where the run has none."""
    if not (folder / f"{name}.csv").exists():
        return None
    with open(folder / f"{name}.csv", encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    weights = [float(row["weight"]) for row in rows] if rows and "weight" in rows[0] else None
    return Split(
        Pictures(FOLDER, [row["file"] for row in rows]),
        [int(row["label"]) for row in rows],
        None if weights is None else np.array(weights, np.float32),
    )


class Pictures:
    """Picture files that are decoded when a batch wants them."""

    def __init__(self, folder, files):
        self.folder = folder
        self.files = files
        self.threads = ThreadPoolExecutor()

    def __getitem__(self, places):
        if len(places) == 0:
            return np.zeros((0, HEIGHT, WIDTH, CHANNELS), np.uint8)
        return np.stack(list(self.threads.map(self._read, places)))

    def _read(self, place):
        return decode(tf.io.read_file(f"{self.folder}/{self.files[place]}"))


def decode(content):
    """JPEG, PNG, GIF or BMP in the size of the network.

    Not quite as in Heatlens: filters differ by a shade, and a camera's rotation (EXIF) is not applied.
    """
    picture = tf.io.decode_image(content, channels=CHANNELS, expand_animations=False)
${fits[fit].join('\n')}
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)`;

const orderLines = String.raw`def shuffled(count, seed, number):
    """The order of a pass over the images: the one that Heatlens takes for this seed and pass."""
    draw = sfc32(seed, number)
    order = list(range(count))
    for last in range(count - 1, 0, -1):  # Fisher and Yates
        end = 2**32 - 2**32 % (last + 1)  # numbers from the incomplete last stretch are drawn again
        drawn = next(draw)
        while drawn >= end:
            drawn = next(draw)
        other = drawn % (last + 1)
        order[last], order[other] = order[other], order[last]
    return np.array(order)


def sfc32(seed, stream):
    """Chris Doty-Humphrey's small fast counting generator (PractRand): whole numbers below 2**32."""
    mask = 0xFFFFFFFF
    a, b, c, counter = 0, seed & mask, stream & mask, 1
    thrown = 12
    while True:
        total = (a + b + counter) & mask
        counter = (counter + 1) & mask
        a = b ^ (b >> 9)
        b = (c + (c << 3)) & mask
        c = ((((c << 21) | (c >> 11)) & mask) + total) & mask
        if thrown == 0:
            yield total
        else:
            thrown -= 1


def places_of_batches(count, size, seed, shuffle, first=0):
    """Pass and places of the images of each step, without end; so many steps are passed over."""
    number, at = divmod(first, -(-count // size))
    while True:
        number += 1
        order = shuffled(count, seed, number) if shuffle else np.arange(count)
        for start in range(at * size, count, size):
            yield number, order[start : start + size]
        at = 0`;

const batchLines = (augmented: boolean) => String.raw`def training_batches(strategy, split, size, seed, shuffle, first):
    """Batches without end, from the step "first" on. Every replica gets its part of each."""

    def batches(context):
        def parts():
            for number, places in places_of_batches(len(split), size, seed, shuffle, first):
                for part in parts_of(places, context):
                    yield *part_of(split, part, len(places)), part, number

        described = (*SIGNATURE, tf.TensorSpec((None,), tf.int32), tf.TensorSpec((), tf.int32))
        made = tf.data.Dataset.from_generator(parts, output_signature=described)
        made = made.map(lambda *part: prepared(seed, *part), num_parallel_calls=tf.data.AUTOTUNE)
        return made.prefetch(tf.data.AUTOTUNE)

    return strategy.distribute_datasets_from_function(batches)


def evaluation_batches(strategy, split, size):
    """The split once, in its order; no image is changed."""

    def batches(context):
        def parts():
            for start in range(0, len(split), size):
                places = np.arange(start, min(start + size, len(split)))
                for part in parts_of(places, context):
                    pixels, labels, _, total = part_of(split, part, len(places))
                    yield pixels, labels, np.ones(len(part), np.float32), total

        made = tf.data.Dataset.from_generator(parts, output_signature=SIGNATURE)
        return made.prefetch(tf.data.AUTOTUNE)

    return strategy.distribute_datasets_from_function(batches)


# Pixels, labels, weights, and how many images the batch has on all replicas together.
SIGNATURE = (
    tf.TensorSpec((None, HEIGHT, WIDTH, CHANNELS), tf.uint8),
    tf.TensorSpec((None,), tf.int32),
    tf.TensorSpec((None,), tf.float32),
    tf.TensorSpec((), tf.float32),
)


def parts_of(places, context):
    """The places of a batch that the replicas of this worker get."""
    local = context.num_replicas_in_sync // context.num_input_pipelines
    first = context.input_pipeline_id * local
    return np.array_split(places, context.num_replicas_in_sync)[first : first + local]


def part_of(split, places, total):
    return split.images[places], split.labels[places], split.weights[places], total


def prepared(seed, pixels, labels, weights, total, places, number):
${
  augmented
    ? '    pixels = augment.images(pixels, seed, number, places)\n    return pixels, labels, weights, total'
    : '    """What a step is given. Images are not changed at random in this run."""\n    return pixels, labels, weights, total'
}`;
