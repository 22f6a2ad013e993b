import type { Metadata, ready } from 'h5wasm';

/** libhdf5 as h5wasm gives it. */
export type H5Module = Awaited<typeof ready>;
export type { Metadata };
