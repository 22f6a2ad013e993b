/** The name of a file or folder in its path, of whatever system. */
export const lastPart = (path: string) =>
  path
    .replace(/[\\/]+$/, '')
    .split(/[\\/]/)
    .pop() ?? path;
