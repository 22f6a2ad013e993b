import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadBackend } from '#engine/backend/load.ts';
import { tf } from '#engine/backend/tensors.ts';
import { readModelFile } from '#engine/model/formats/read-model-file.ts';
import { networkOf } from '#engine/model/network.ts';

const python = process.env['HEATLENS_PYTHON'] ?? 'python3';
const find = 'import importlib.util as u, sys; sys.exit(not (u.find_spec("keras") and u.find_spec("tensorflow")))';
const reason =
  spawnSync(python, ['-c', find]).status === 0
    ? null
    : `${python} has no Keras with TensorFlow; HEATLENS_PYTHON may name one that has`;
if (reason) console.log(`Files of keras.applications are not read: ${reason}.`);

const names = ['MobileNetV2', 'EfficientNetB0', 'DenseNet121', 'InceptionV3', 'ResNet50', 'VGG16'];
const folder = mkdtempSync(path.join(tmpdir(), 'heatlens-applications-'));

beforeAll(() => loadBackend('tensorflow'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function floats(name: string): Float32Array {
  const bytes = readFileSync(path.join(folder, name));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

describe.skipIf(reason).each(names)(
  `%s as this machine's Keras writes it${reason ? ` (skipped: ${reason})` : ''}`,
  (name) => {
    beforeAll(() => {
      const program = path.join(import.meta.dirname, 'make-keras-applications.py');
      const made = spawnSync(python, [program, '--out', folder, name], { encoding: 'utf8' });
      if (made.status !== 0) throw new Error(`${program} ended with ${made.status}: ${made.stderr.slice(-2000)}`);
    });

    test.each(['keras', 'h5'])(
      '.%s predicts what Keras predicts, within 2e-5',
      { timeout: 300_000 },
      async (ending) => {
        const file = path.join(folder, `${name}.${ending}`);
        const { model } = await readModelFile(file);
        rmSync(file);
        const { spec, pixels, weights } = model!;
        const [height, width, channels] = spec.input;
        const network = networkOf(spec, { height, width, channels, classes: 1000 }, 1, pixels, weights);
        const received = tf.tidy(() => {
          const images = tf.tensor4d(floats(`${name}.images`), [2, height, width, channels]);
          return tf.softmax(network.logits(images, { training: false })).dataSync<'float32'>();
        });
        network.dispose();
        const expected = floats(`${name}.probabilities`);
        const apart = expected.reduce((most, value, place) => Math.max(most, Math.abs(value - received[place]!)), 0);
        console.log(
          `${name}.${ending}: at most ${apart.toExponential(1)} apart; the greatest probability is ${Math.max(...expected).toFixed(3)}`,
        );
        expect(apart).toBeLessThan(2e-5);
      },
    );
  },
);
