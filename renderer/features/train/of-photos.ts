import type { DataSetSummary } from '#contract/data.ts';

/** What a ready model learns best from: files of photos, brought to its size. */
export const ofPhotos = ({ kind }: Pick<DataSetSummary, 'kind'>): boolean => kind === 'folder' || kind === 'archive';
