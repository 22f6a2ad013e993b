import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { nvidiaDevices } from '../device.ts';
import { findInstalled, stampName, thisMachine, type Installed, type Stamp } from '../installed.ts';
import { cacheFolder, engineFolder } from '../places.ts';
import { AppError } from '#contract/failures.ts';
import { fromCudaWheels } from './from-cuda-wheels.ts';
import { addonVersion, fromOfficial } from './from-official.ts';
import { fromWheel, type Fetched } from './from-wheel.ts';
import { withLock } from './lock.ts';
import { describeMachine, type Machine } from './machine.ts';
import { probeAddon } from './probe.ts';
import { freeSpace, requireSpace, type FreeSpace } from './space.ts';
import { workFor, type Report, type Work } from './work.ts';

export interface ProvisionOptions {
  readonly report: Report;
  readonly signal: AbortSignal;
  readonly cache?: string;
  /** What asks this machine, where a test answers in its place. */
  readonly asks?: Partial<Asks>;
}

interface Asks {
  readonly gpus: () => Promise<readonly string[]>;
  readonly free: FreeSpace;
  readonly probe: typeof probeAddon;
}

export interface Provisioned {
  readonly folder: string;
  /** Of TensorFlow. */
  readonly version: string;
}

/** The wheel, what is unpacked from it, and the addon's object files. */
const spaceNeeded = { cpu: 1.5e9, cuda: 10e9 };

/**
 * Gets TensorFlow into the per-user cache; returns at once when it is there. Repeatable: a download goes on where it
 * ended, a half-made folder is never taken for a whole one, and a second process waits for the first.
 * Fails: the `provision/…` codes, and `file/not-writable` where there can be no cache.
 */
export async function provision(options: ProvisionOptions): Promise<Provisioned> {
  const { report, signal, cache = cacheFolder() } = options;
  const asks: Asks = { gpus: nvidiaDevices, free: freeSpace, probe: probeAddon, ...options.asks };
  const work = workFor(report, signal);
  work.begin('check', 'Looking for TensorFlow');
  const variant = process.platform === 'linux' && (await asks.gpus()).length > 0 ? 'cuda' : 'cpu';
  const root = engineFolder(cache);
  const there = await suitable(variant, root);
  if (there) return done(there, work);
  const machine = await describeMachine(thisMachine);
  await mkdir(root, { recursive: true }).catch((thrown: unknown) => {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError('file/not-writable', `${root} cannot be made: ${reason}`, { file: root, reason }, thrown);
  });
  try {
    return await withLock(root, work, async (locked) => {
      const since = await suitable(variant, root);
      if (since) return done(since, locked);
      await requireSpace(root, spaceNeeded[variant], asks.free);
      return done(await install(machine, variant, root, locked, asks.probe), locked);
    });
  } catch (thrown) {
    // Without a network an earlier engine of the other kind is better than none.
    const other = (await findInstalled(variant, root))[0];
    if (other && thrown instanceof AppError && thrown.code === 'provision/no-network') return done(other, work);
    throw thrown;
  }
}

async function suitable(variant: Stamp['variant'], root: string): Promise<Installed | undefined> {
  return (await findInstalled(variant, root)).find((engine) => engine.variant === variant);
}

function done({ folder, version }: Installed, work: Work): Provisioned {
  work.begin('done', `TensorFlow ${version} is ready`);
  return { folder, version };
}

async function install(
  machine: Machine,
  variant: Stamp['variant'],
  root: string,
  work: Work,
  probe: Asks['probe'],
): Promise<Installed> {
  const staging = path.join(root, 'staging');
  const downloads = path.join(root, 'downloads');
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging);
  await mkdir(downloads, { recursive: true });
  try {
    const { source, fetched } = await fetchEngine(machine, variant, staging, downloads, work);
    const addonFile = path.join(staging, fetched.addon);
    const version = await probe(addonFile, work, fetched.version);
    const stamp: Stamp = {
      format: 1,
      version,
      variant,
      source,
      machine: thisMachine,
      addon: fetched.addon,
      addonVersion: await addonVersion(),
      files: Object.fromEntries([
        ...fetched.files.map(({ name, bytes, sha256 }) => [name, { bytes, sha256 }] as const),
        [fetched.addon, { bytes: (await stat(addonFile)).size, sha256: await hashOf(addonFile) }],
      ]),
    };
    await writeSynced(path.join(staging, stampName), `${JSON.stringify(stamp, null, 2)}\n`);
    const folder = path.join(root, `tensorflow-${version}-${variant}-${thisMachine}`);
    await rm(folder, { recursive: true, force: true });
    await rename(staging, folder);
    return { ...stamp, folder, addonFile: path.join(folder, stamp.addon) };
  } catch (thrown) {
    await rm(staging, { recursive: true, force: true });
    throw thrown;
  }
}

interface Source {
  readonly source: Stamp['source'];
  readonly fetched: Fetched;
}

/**
 * The official download where it can be reached, else the wheel. For CUDA always the wheels: they bring CUDA 12, while
 * the official build wants CUDA 11.2 on the machine and knows no GPU since 2022.
 */
async function fetchEngine(
  machine: Machine,
  variant: Stamp['variant'],
  staging: string,
  downloads: string,
  work: Work,
): Promise<Source> {
  if (machine.official && !(variant === 'cuda' && machine.wheel)) {
    const fetched = await fromOfficial(machine.official, variant, staging, downloads, work);
    if (fetched) return { source: 'official', fetched };
  }
  if (!machine.wheel) {
    const host = 'storage.googleapis.com';
    const reason = 'it cannot be reached, and there is no wheel for this machine';
    throw new AppError('provision/no-network', `${host}: ${reason}.`, { host, reason });
  }
  const fetched =
    variant === 'cuda'
      ? await fromCudaWheels(machine.wheel.platform, staging, work)
      : await fromWheel(machine.wheel, staging, downloads, work);
  return { source: 'wheel', fetched };
}

async function hashOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

async function writeSynced(file: string, text: string): Promise<void> {
  await writeFile(file, text);
  const handle = await open(file, 'r');
  await handle.sync();
  await handle.close();
}
