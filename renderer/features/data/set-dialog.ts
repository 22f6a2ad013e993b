/** What is open over a data set. */
export type SetDialog = 'rename' | 'classes' | 'splits' | 'duplicates' | 'export';
