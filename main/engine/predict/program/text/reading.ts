import { literal, text } from './literal.ts';
import { py } from './python.ts';

/** Where images come from: arrays that were written beside the program, or the files that the data set was made of. */
export type Reading =
  | { readonly kind: 'arrays' }
  | { readonly kind: 'idx'; readonly pairs: readonly (readonly [images: string, labels: string])[] }
  | Pictures;

interface Pictures {
  readonly kind: 'pictures';
  /** Path of each, by what its files are listed below: nothing where it is alone. */
  readonly folders: Readonly<Record<string, string>>;
  readonly fit: 'crop' | 'pad' | 'stretch';
}

export interface ReadingText {
  readonly reading: Reading;
  /** Height, width, channels. */
  readonly input: readonly number[];
  /** Whether each training image has a weight of its own. */
  readonly weighted: boolean;
}

/** `read(folder, name)` gives a split. */
export function readTexts({ reading, input, weighted }: ReadingText): string[] {
  switch (reading.kind) {
    case 'arrays':
      return [arrayText(weighted)];
    case 'idx':
      return [
        ['PAIRS = [', ...reading.pairs.map((pair) => `    ${literal(pair)},`), ']'].join('\n'),
        idxText(weighted),
      ];
    case 'pictures':
      return [folderLines(reading.folders).join('\n'), pictureText(reading, weighted, input[2] ?? 3)];
  }
}

function folderLines(folders: Readonly<Record<string, string>>): string[] {
  const alone = folders[''];
  if (alone !== undefined) return [`FOLDER = ${literal(alone)}`];
  return ['FOLDERS = {', ...Object.entries(folders).map(([name, path]) => `    ${text(name)}: ${text(path)},`), '}'];
}

const arrayText = (weighted: boolean) => py`
def read(folder, name):
    """The split of that name: "train", "validation" or "test". Images stay on disk until they are wanted."""
    images = np.load(folder / f"{name}-images.npy", mmap_mode="r")
    labels = np.load(folder / f"{name}-labels.npy")
    ${
      weighted
        ? [
            'weights = folder / f"{name}-weights.npy"',
            'return Split(images, labels, np.load(weights) if weights.exists() else None)',
          ]
        : 'return Split(images, labels)'
    }
`;

const idxText = (weighted: boolean) => py`
def read(folder, name):
    """The split of that name: "train", "validation" or "test".

    splits.npz says for each of its images in which pair of files it lies, at which place, and its label.
    """
    known = np.load(folder / "splits.npz")
    labels = known[f"{name}_label"]
    images = np.empty((len(labels), HEIGHT, WIDTH, CHANNELS), np.uint8)
    for number, (file, _) in enumerate(PAIRS):
        here = known[f"{name}_file"] == number
        if here.any():
            images[here] = read_idx(folder, file)[known[f"{name}_place"][here]]
    return Split(images, labels${weighted && ', known.get(f"{name}_weight")'})


def read_idx(folder, file):
    """An IDX file, packed by gzip or not: yann.lecun.com/exdb/mnist. In the folder, or where it was."""
    path = folder / file.replace("\\", "/").split("/")[-1]
    path = path if path.exists() else file
    with open(path, "rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
    with (gzip.open if packed else open)(path, "rb") as values:
        dimensions = values.read(4)[3]
        shape = struct.unpack(f">{dimensions}I", values.read(4 * dimensions))
        return np.frombuffer(values.read(), np.uint8).reshape(shape[0], HEIGHT, WIDTH, CHANNELS)
`;

/** How `pixels`, [height, width, channel], come to the network's size: lines, and what is made of them. */
const fits: Readonly<Record<Pictures['fit'], { readonly lines: readonly string[]; readonly made: string }>> = {
  stretch: { lines: [], made: 'resized(pixels, HEIGHT, WIDTH)' },
  pad: {
    lines: [
      '# Whole, in the middle of black.',
      'scale = min(HEIGHT / pixels.shape[0], WIDTH / pixels.shape[1])',
      'high, wide = (max(1, int(side * scale + 0.5)) for side in pixels.shape[:2])',
      'top, left = (HEIGHT - high) // 2, (WIDTH - wide) // 2',
      'around = (top, HEIGHT - high - top), (left, WIDTH - wide - left), (0, 0)',
    ],
    made: 'np.pad(resized(pixels, high, wide), around)',
  },
  crop: {
    lines: [
      '# The largest box of the network’s proportions in the middle, as Keras’ smart_resize.',
      'height, width = pixels.shape[:2]',
      'wide = max(1, min(width, height * WIDTH // HEIGHT))',
      'high = max(1, min(height, width * HEIGHT // WIDTH))',
      'top, left = (height - high) // 2, (width - wide) // 2',
      'pixels = pixels[top : top + high, left : left + wide]',
    ],
    made: 'resized(pixels, HEIGHT, WIDTH)',
  },
};

const pictureText = ({ folders, fit }: Pictures, weighted: boolean, channels: number) => py`
def read(folder, name):
    """The split of that name: "train", "validation" or "test"."""
    with open(folder / f"{name}.csv", encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    files = [path_of(row["file"]) for row in rows]
    labels = [int(row["label"]) for row in rows]
    ${
      weighted
        ? [
            'weights = np.array([row.get("weight", 1) for row in rows], np.float32)',
            'return Split(Pictures(files), labels, weights)',
          ]
        : 'return Split(Pictures(files), labels)'
    }


def path_of(file):
    ${'' in folders ? 'return Path(FOLDER, file)' : ['folder, rest = file.split("/", 1)', 'return Path(FOLDERS[folder], rest)']}


class Pictures:
    """Picture files that are decoded when a batch wants them."""

    def __init__(self, files):
        self.files = files
        self.threads = ThreadPoolExecutor()

    def __getitem__(self, places):
        return np.stack(list(self.threads.map(decode, [self.files[place] for place in places])))


def decode(file):
    """A picture in the size of the network, as Heatlens reads it: upright, on white.

    Large photos and those with a colour profile may differ by a shade.
    """
    with Image.open(file) as picture:
        picture = ImageOps.exif_transpose(picture)
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        white = Image.new("RGB", picture.size, "white")
        white.paste(picture, mask=picture)
        picture = white
    pixels = np.asarray(picture.convert("RGB"))
    ${fits[fit].lines}
    ${
      channels === 1
        ? [`grey = Image.fromarray(${fits[fit].made}).convert("L")`, 'return np.asarray(grey)[..., None]']
        : `return ${fits[fit].made}`
    }


def resized(pixels, height, width):
    """Pixels of smaller pictures are averages of those that they cover; rounded once, at the end."""
    channels = [Image.fromarray(each) for each in np.moveaxis(pixels.astype(np.float32), -1, 0)]
    made = [each.resize((width, height), Image.Resampling.BILINEAR) for each in channels]
    return np.floor(np.stack(made, axis=-1) + 0.5).astype(np.uint8)
`;
