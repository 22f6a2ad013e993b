import { describe, expect, test } from 'vitest';
import { evenness } from '#engine/video/ffmpeg/evenness.ts';

const packets = (times: number[]) => times.map((time) => ({ time, length: 0.04, discarded: false }));
const steady = Array.from({ length: 60 }, (_, i) => i / 25);

describe('rate and evenness', () => {
  test.each([
    ['an even film', steady, '25/1', '25/1', { rate: 25, variable: false }],
    [
      'frames out of order, as B-frames lie',
      [0, 0.16, 0.08, 0.04, 0.12],
      '25/1',
      '25/1',
      { rate: 25, variable: false },
    ],
    ['stamps rounded to milliseconds', [0, 0.033, 0.067, 0.1, 0.133], '30/1', '30/1', { rate: 30, variable: false }],
    ['uneven stamps', [0, 0.04, 0.12, 0.16, 0.3], '20/1', '25/1', { rate: 20, variable: true }],
    ['no mean told: measured', [0, 0.1, 0.2, 0.3], '0/0', '90000/1', { rate: 10, variable: false }],
    ['no stamps at all', [NaN, NaN], '24/1', '24/1', { rate: 24, variable: false }],
    ['nothing known', [], '0/0', '0/0', { rate: 25, variable: false }],
  ])('%s', (_, times, avg_frame_rate, r_frame_rate, expected) => {
    const found = evenness(packets(times), { avg_frame_rate, r_frame_rate });
    expect(found.variable).toBe(expected.variable);
    expect(found.rate).toBeCloseTo(expected.rate, 6);
  });
});
