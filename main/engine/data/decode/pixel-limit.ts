/** Larger images are refused from their header, before memory is taken: a 1 MB PNG can unpack to many gigabytes. */
export const pixelLimit = 100_000_000;
