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
export const requirements = 'tensorflow==2.21.0\nkeras==3.15.1\nnumpy>=2.0,<3\nh5py>=3.11,<4\n';

/** In one line of Markdown, whatever it was called. */
const plain = (words: string) => words.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>#|]/g, (letter) => `\\${letter}`);

/** README.md: how to run it. */
export function readmeText({ facts, reading, first, kept, notes }: ReadmeText): string {
  const { run, data, splits } = facts;
  const counts = splits.map(({ name, places }) => `${places.length.toLocaleString('en')} ${name}`).join(', ');
  const { height, width, channels } = data;
  const images = `${counts} images of ${height} × ${width} × ${channels}, ${data.classes.length} classes`;
  return `# ${plain(run.name)}

A run of Heatlens as a Python program on Keras: ${plain(run.presetName)} on ${plain(run.datasetName)} (${images}).
It needs nothing of Heatlens.

## On one machine

    python3 -m venv venv
    venv/bin/pip install -r requirements.txt
    venv/bin/python train.py

Python 3.10 to 3.13. With NVIDIA GPUs install \`tensorflow[and-cuda]==2.21.0\`; all of the machine's are used. Where
there is none \`tensorflow-cpu==2.21.0\` is smaller.

| Call | What it does |
| --- | --- |
| \`python train.py\` | trains ${run.settings.epochs === 1 ? 'an epoch' : `${run.settings.epochs} epochs`}${first ? ', from the weights that the run began with' : ''} |
${first ? '| `python train.py --fresh` | the same from weights that Keras draws |\n' : ''}| \`python train.py --resume\` | goes on where \`out/last.keras\` ${kept ? 'or, without one, the run in Heatlens ' : ''}stands; \`--epochs 20\` for more |
${first || kept ? '| `python train.py --check` | asks the network about 32 images and compares with what Heatlens answered |\n' : ''}| \`python train.py --help\` | batch size, folders, seed |

In \`out/\` are then \`history.csv\` (epochs), \`steps.csv\` (steps), \`best.keras\`, \`last.keras\` (with the optimizer's state),
\`final.keras\` and \`results.json\`. The files ending in .keras take images as they are, 0…255, and open with
\`keras.models.load_model\`${facts.model.pixels.kind === 'caffe' ? ' after `import network`' : ''}.

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

function dataWords(reading: Reading): string {
  switch (reading.kind) {
    case 'arrays':
      return 'the images as the network sees them, as NumPy arrays';
    case 'idx':
      return 'which images of the IDX files belong where; the files are looked for here by their names, then where they were (`PAIRS` in images.py)';
    case 'pictures':
      return 'which pictures belong where; `FOLDER` in images.py says where they lie';
  }
}
