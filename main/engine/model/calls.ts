import type { DataSet } from '#engine/data/data-set.ts';
import { wire } from '#engine/wire.ts';
import { findPreset, presets } from './presets.ts';
import { presetSummary, summaryOf } from './summary.ts';

export interface ModelRoom {
  dataset(id: string): Promise<DataSet>;
}

export function modelCalls({ dataset }: ModelRoom) {
  return {
    presets: wire.model.presets.handler(() => presets.map(presetSummary)),
    summary: wire.model.summary.handler(async ({ input }) => {
      const { height, width, channels, classes } = await dataset(input.dataset);
      return summaryOf(findPreset(input.preset), { height, width, channels, classes: classes.length });
    }),
  };
}
