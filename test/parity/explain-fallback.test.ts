import { beforeAll, expect, test } from 'vitest';
import { loadWasm } from '#engine/backend/javascript.ts';
import '#engine/backend/load.ts';
import { tf } from '#engine/backend/tensors.ts';
import { Explainer } from '#engine/explain/explainer.ts';
import { buildNetwork } from '#engine/model/network.ts';
import { expectAsKeras, keras, networks } from '#test/support/explain-cases.ts';

// WebAssembly, whose own gradients are wrong or not there: plain JavaScript differentiates.
beforeAll(async () => {
  expect(await loadWasm()).toBe(true);
});

test.each(Object.keys(networks))(`%s without TensorFlow, as GradientTape on Keras ${keras}`, async (name) => {
  await expectAsKeras(name);
  expect(tf.getBackend()).toBe('wasm');
});

test('what would take plain JavaScript many minutes is refused before it begins', async () => {
  const network = buildNetwork('resnet-50', { height: 224, width: 224, channels: 3, classes: 10 }, 1);
  const explainer = new Explainer(network, { logits: () => new Float32Array(10) });
  const heat = explainer.heat(new Uint8Array(224 * 224 * 3), 0, { method: 'integrated-gradients' });
  await expect(heat).rejects.toMatchObject({ code: 'explain/no-gradients' });
  network.dispose();
});
