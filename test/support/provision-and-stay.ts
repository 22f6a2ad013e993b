// Provisions the cache in argv[2], says so first, and then stays until it is killed. Its addon is taken as it is.
import { provision } from '#engine/backend/provision/provision.ts';

const [, , cache = ''] = process.argv;
process.stdout.write('.');
await provision({
  cache,
  report: () => undefined,
  signal: new AbortController().signal,
  asks: { gpus: () => Promise.resolve([]), free: () => Promise.resolve(1e12), probe: () => Promise.resolve('2.21.0') },
});
setInterval(() => undefined, 1000);
