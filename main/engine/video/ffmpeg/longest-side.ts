/** Longest side of a frame that is read, px. */
export const longestSide = 8192;
