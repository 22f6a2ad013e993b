import { describe, expect, test } from 'vitest';
import { ofStamps, stampIn } from '#engine/video/ffmpeg/filters.ts';

describe('stamps in what ffmpeg says', () => {
  test.each([
    ['[Parsed_metadata_4 @ 0x5640f34983c0] [info] frame:0    pts:40000   pts_time:0.04', 0.04],
    ['[Parsed_showinfo_1 @ 0x38] [info] n:   1 pts:  40000 pts_time:0.04    pos:     1824 fmt:yuv420p', 0.04],
    ['[Parsed_metadata_4 @ 0x5640f34983c0] [info] frame:9    pts:-20000  pts_time:-0.02', -0.02],
    ['[Parsed_metadata_4 @ 0x5640f34983c0] [info] t=0', null],
    ['[info]   Metadata: title: pts:5', null],
  ])('%s', (line, stamp) => expect(stampIn(line)).toBe(stamp));

  test('lines of stamps are not kept for a failure’s reason', () => {
    expect(ofStamps('[Parsed_metadata_4 @ 0x5640f34983c0] [info] t=0')).toBe(true);
    expect(ofStamps('[h264 @ 0x55] [error] Invalid NAL unit size')).toBe(false);
  });
});
