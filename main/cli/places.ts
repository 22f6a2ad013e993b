import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the built programs: `cli.cjs`, and beside it `engine.cjs` and `serve.cjs`. */
export function besideUs(): string {
  return path.dirname(fileURLToPath(import.meta.url));
}
