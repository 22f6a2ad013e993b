import type { RunFacts } from '../run-facts.ts';
import type { Reading } from './images.ts';

export interface ReadmeText {
  readonly facts: RunFacts;
  readonly reading: Reading;
  readonly first: boolean;
  readonly kept: boolean;
  /** Sentences: what the program does not do as Heatlens does. */
  readonly notes: readonly string[];
}

/** Versions that the program was tried with. */
const packages = ['tensorflow==2.21.0', 'keras==3.15.1', 'numpy>=2.0,<3', 'h5py>=3.11,<4'];

export const requirements = ({ kind }: Reading): string =>
  `${[...packages, ...(kind === 'pictures' ? ['pillow>=10.1'] : [])].join('\n')}\n`;

/** In one line of Markdown, whatever it was called. */
const plain = (words: string) => words.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>#|]/g, (letter) => `\\${letter}`);

/** README.md: how to run it. */
export function readmeText({ facts, reading, first, kept, notes }: ReadmeText): string {
  const { run, data, splits } = facts;
  const counts = splits.map(({ name, places }) => `${places.length.toLocaleString('en')} ${name}`).join(', ');
  const tested = splits.some(({ name }) => name === 'test');
  const { height, width, channels } = data;
  const images = `${counts} images of ${height} × ${width} × ${channels}, ${data.classes.length} classes`;
  return `# ${plain(run.name)}

A run of Heatlens as a Python program on Keras: ${plain(run.presetName)} on ${plain(run.datasetName)} (${images}).
It needs nothing of Heatlens.${beginningWords(run)}${resultWords(run)}
${reading.kind === 'arrays' ? '' : `\n${placeWords(reading)}\n`}
## On one machine

    python3 -m venv venv
    venv/bin/pip install -r requirements.txt
    venv/bin/python train.py

Python 3.10 to 3.13; on Windows it is \`venv\\Scripts\\python\`. With NVIDIA GPUs install \`tensorflow[and-cuda]==2.21.0\`;
all of the machine's are used. Where there is none \`tensorflow-cpu==2.21.0\` is smaller.

| Call | What it does |
| --- | --- |
| \`python train.py\` | trains ${run.settings.epochs === 1 ? 'an epoch' : `${run.settings.epochs} epochs`}${first ? ', from the weights that the run began with' : ''} |
${first && !run.tuned ? '| `python train.py --fresh` | the same from weights that Keras draws |\n' : ''}| \`python train.py --resume\` | goes on where \`out/last.keras\` ${kept ? 'or, without one, the run in Heatlens ' : ''}stands; \`--epochs 20\` for more |
${first || kept ? '| `python train.py --check` | asks the network about 32 images and compares with what Heatlens answered |\n' : ''}| \`python train.py --help\` | batch size, folders, seed |

In \`out/\` are then \`history.csv\` (epochs), \`steps.csv\` (steps), \`best.keras\`, \`last.keras\` (with the optimizer's state),
\`final.keras\`${tested ? ' and `results.json` (figures of the test images)' : ''}. The files ending
in .keras take images as they are, 0…255, and open with \`keras.models.load_model\`${facts.model.pixels.kind === 'caffe' ? ' after `import network`' : ''}.

## On several machines

    python launch.py --workers 2          # tried on one machine first

On several, each runs the same \`train.py\` with its own TF_CONFIG; BATCH is divided among them:

    TF_CONFIG='{"cluster": {"worker": ["a.example:12345", "b.example:12345"]},
                "task": {"type": "worker", "index": 0}}' python train.py

The first worker writes; \`--out\` on a folder that all can read lets \`--resume\` find it. All must have the same images.
They train as one machine would: the same images in each step, batch normalization over all of them, gradients added up.

**SLURM**, one task a machine:

    #SBATCH --nodes=2 --ntasks-per-node=1
    WORKERS=$(scontrol show hostnames | sed 's/.*/"&:12345"/' | paste -sd,)
    srun bash -c "TF_CONFIG='{\\"cluster\\": {\\"worker\\": [$WORKERS]}, \\"task\\": {\\"type\\": \\"worker\\", \\"index\\": '\\$SLURM_PROCID'}}' python train.py"

**Kubernetes**: a StatefulSet with a headless service; each pod takes its index from the end of its name, and
\`<name>-<index>.<service>:12345\` are the workers. Kubeflow's training operator (TFJob) sets TF_CONFIG by itself.

## The files

| File | What is in it |
| --- | --- |
| \`train.py\` | settings, optimizer, learning rate, loss, metrics, the loop |
| \`network.py\` | the network, layer by layer |
| \`images.py\` | reading, order, parts of a batch |
${facts.run.settings.augmentation?.ops.length ? '| `augment.py` | random changes to the training images |\n' : ''}| \`classes.py\` | names of the classes |
| \`launch.py\` | starts workers on this machine |
| \`data/\` | ${dataWords(reading)} |
${first || kept ? `| \`weights/\` | ${[first && '`first.keras`: what the run began with', kept && '`kept.keras`: what it has'].filter(Boolean).join('; ')} |\n` : ''}
## What differs from Heatlens

${notes.map((note) => `- ${plain(note)}\n`).join('')}`;
}

/** Of a run that began with another model's weights. */
function beginningWords({ tuned }: RunFacts['run']): string {
  if (!tuned) return '';
  const [trained, frozen] = [tuned.trained, tuned.frozen].map((count) => count.toLocaleString('en'));
  const rest = tuned.frozen > 0 ? `; ${frozen} stay as they are (\`trainable=False\` in network.py)` : '';
  return `\n\nIt begins with the weights of ${plain(tuned.base)}. ${trained} of its parameters are trained${rest}.`;
}

/** What there is to compare with. */
function resultWords({ epochsDone, test, last }: RunFacts['run']): string {
  const percent = (part: number) => `${(100 * part).toFixed(2)} %`;
  const said = test
    ? `a loss of ${test.loss.toPrecision(4)} on the test images, ${percent(test.accuracy)} of them right`
    : last && `a loss of ${last.loss.toPrecision(4)} on the training images, ${percent(last.accuracy)} of them right`;
  if (!said) return '';
  return `\n\nIn Heatlens ${epochsDone} ${epochsDone === 1 ? 'epoch' : 'epochs'} came to ${said}.`;
}

/** Of images that stay where they are. */
function placeWords(reading: Exclude<Reading, { kind: 'arrays' }>): string {
  if (reading.kind === 'idx') {
    return 'Its images are read from the IDX files of the data set: put them into `data/`, or name their places in `PAIRS` of images.py.';
  }
  const [name, which] = '' in reading.folders ? ['FOLDER', 'it was'] : ['FOLDERS', 'they were'];
  return `Its pictures are read from where ${which}: on another machine, say in \`${name}\` of images.py where they lie there.`;
}

function dataWords(reading: Reading): string {
  switch (reading.kind) {
    case 'arrays':
      return 'the images as the network sees them, as NumPy arrays';
    case 'idx':
      return 'which images of the IDX files belong where; the files are looked for here by their names, then where they were (`PAIRS` in images.py)';
    case 'pictures':
      return `which pictures belong where; \`${'' in reading.folders ? 'FOLDER' : 'FOLDERS'}\` in images.py says where they lie`;
  }
}
