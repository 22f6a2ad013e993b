import { describe, expect, test } from 'vitest';
import { heatlens } from '#test/support/fake-engine.ts';

describe('a sweep', () => {
  test('is asked for as its axes say, and sorted by merit', async () => {
    const { asked, out, err } = await heatlens(
      'sweep --data mnist --try batchSize=32,64 --try optimizer.name=sgd,adam',
    );
    expect(asked.axes).toEqual([
      { setting: 'batchSize', values: [32, 64] },
      { setting: 'optimizer.name', values: ['sgd', 'adam'] },
    ]);
    expect(err).toContain('run 2 of 2: batchSize 64');
    expect(out.indexOf('97.00')).toBeLessThan(out.indexOf('91.00'));
  });

  test('Ctrl-C takes off what waits before it stops what trains', async () => {
    const controller = new AbortController();
    const running = heatlens('sweep --data mnist --try batchSize=32,64 --name endless', { signal: controller.signal });
    setTimeout(() => controller.abort(), 30);
    const { code, asked } = await running;
    expect([code, asked.allStopped]).toEqual([130, ['s2', 's1']]);
  });
});
