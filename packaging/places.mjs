import { join } from 'node:path';
import { root } from '../scripts/places.mjs';

export { root };

/** What is built for others; git ignores it. */
export const dist = join(root, 'dist');
/** What electron-builder puts together; made anew each time. */
export const stage = join(dist, 'stage');
/** Shell and page with a package.json of their own: what becomes the archive. */
export const stagedApp = join(stage, 'app');
/** What lies outside of the archive, in the folder `resources` of a package. */
export const stagedResources = join(stage, 'resources');
export const stagedIcons = join(stage, 'icons');
export const stagedElectron = join(stage, 'electron');
