import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import { fromBuffer } from 'yauzl';
import { onnxWriter } from '#engine/model/formats/onnx/write-onnx.ts';
import { tfliteWriter } from '#engine/model/formats/tflite/write-tflite.ts';
import type { ModelWriter } from '#engine/model/formats/writer.ts';
import type { PortableModel } from '#engine/model/portable.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'heatlens-lite-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const model: PortableModel = {
  spec: {
    ...{ id: 'rows', name: 'Rows', input: [2, 2, 1], preprocessing: 'none', source: '' },
    layers: [
      { kind: 'Flatten', name: 'flatten' },
      { kind: 'Dense', name: 'dense', units: 2, activation: 'softmax' },
    ],
  },
  ...{ pixels: { kind: 'lite' }, classes: [{ label: '猫' }, { label: 'a dog\nthat barks' }] },
  weights: [
    { name: 'dense/kernel', shape: [4, 2], values: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8) },
    { name: 'dense/bias', shape: [2], values: Float32Array.of(0, 1) },
  ],
};

async function written(writer: ModelWriter, to: PortableModel = model): Promise<Buffer> {
  const file = path.join(folder, `model.${writer.format}`);
  await writer.write(to, file, { pixels: 'inside', optimizer: false, weights: 'variables' });
  return readFileSync(file);
}

test('a TFLite file begins as one, and its kernel lies at a multiple of 16, turned', async () => {
  const bytes = await written(tfliteWriter);
  expect(bytes.toString('latin1', 4, 8)).toBe('TFL3');
  const kernel = bytes.indexOf(Buffer.from(Float32Array.of(1, 3, 5, 7, 2, 4, 6, 8).buffer));
  expect(kernel).toBeGreaterThan(0);
  expect(kernel % 16).toBe(0);
});

test('its labels stand behind it as an archive, one a line', async () => {
  const bytes = await written(tfliteWriter);
  const archive = bytes.subarray(bytes.indexOf('PK\x03\x04'));
  const labels = await new Promise<string>((resolve, reject) => {
    fromBuffer(archive, { lazyEntries: true }, (failed, zip) => {
      if (failed) return reject(failed);
      zip.on('entry', (entry) =>
        zip.openReadStream(entry, (refused, stream) => (refused ? reject(refused) : resolve(text(stream)))),
      );
      zip.readEntry();
    });
  });
  expect(labels).toBe('猫\na dog that barks\n');
});

test('an ONNX file says what it takes and what its answers are called', async () => {
  const bytes = await written(onnxWriter);
  for (const said of ['Heatlens', 'pixels', 'probabilities', '"label":"猫"', '{"kind":"lite"}', '0…255, float32']) {
    expect(bytes.includes(said), said).toBe(true);
  }
});

test.each([onnxWriter, tfliteWriter])('$format: what has no place in one file is refused', async (writer) => {
  // Looks like 2 GB and is not: only its length is asked.
  const huge = { name: 'dense/kernel', shape: [4, 2], values: { byteLength: 2 ** 31 } as Float32Array };
  await expect(written(writer, { ...model, weights: [huge, ...model.weights] })).rejects.toMatchObject({
    code: 'model/cannot-write',
  });
});
