import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { H5Module } from './h5-module.ts';
import { damaged } from '../file-problem.ts';
import type { Hdf5Source } from './words.ts';

/** The one file that libhdf5 sees. */
export const shownAs = '/model.h5';

interface Stream {
  position: number;
}
interface FileNode {
  usedBytes: number;
  stream_ops: object;
}
interface FileSystem {
  createFile(parent: string, name: string, properties: object, readable: boolean, writable: boolean): FileNode;
  unlink(path: string): void;
  readdir(path: string): string[];
}

/**
 * h5wasm's build for browsers: libhdf5 in WebAssembly over a file system in memory, so that nothing a file names can
 * reach this machine's files. Devices are taken out as well (its standard input is the engine's), and it gets no
 * more memory than `heap` bytes. For a worker thread of its own: the limit holds for all WebAssembly of the thread.
 */
export async function openSandbox(heap: number): Promise<H5Module> {
  limitMemory(heap);
  const { ready } = await import('h5wasm');
  const module = await ready;
  const { FS } = module as unknown as { FS: FileSystem };
  for (const device of FS.readdir('/dev')) {
    if (device.startsWith('std') || device.startsWith('tty') || device.includes('random')) FS.unlink(`/dev/${device}`);
  }
  // Failures throw, with libhdf5's words; without this some of them give back whatever lies in memory.
  module.activate_throwing_error_handler();
  return module;
}

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(this: Memory, pages: number): number;
}

/** Its own limit is 2 GiB. Where memory cannot grow, libhdf5 is told that there is none. */
function limitMemory(heap: number): void {
  const page = 2 ** 16;
  const { prototype } = (globalThis as unknown as { WebAssembly: { Memory: { prototype: Memory } } }).WebAssembly
    .Memory;
  const { grow } = prototype;
  prototype.grow = function (pages) {
    if (this.buffer.byteLength + pages * page > heap) throw new RangeError('The memory for reading a file is used up.');
    return grow.call(this, pages);
  };
}

/** Shows it the bytes, read where they lie when libhdf5 asks for them. @returns takes them away */
export function showFile(module: H5Module, source: Hdf5Source): () => void {
  const { FS } = module as unknown as { FS: FileSystem };
  const { size, read, close } = 'path' in source ? fromFile(source.path, source.part) : fromMemory(source.bytes);
  const node = FS.createFile('/', shownAs.slice(1), {}, true, false);
  node.usedBytes = size;
  node.stream_ops = {
    ...node.stream_ops,
    read: (_: Stream, buffer: Uint8Array, offset: number, length: number, position: number) =>
      position >= size ? 0 : read(buffer, offset, Math.min(length, size - position), position),
    write: () => {
      throw damaged('it is not to be changed');
    },
    mmap: () => {
      throw damaged('it cannot be mapped');
    },
  };
  return () => {
    FS.unlink(shownAs);
    close();
  };
}

function fromFile(path: string, part?: { readonly from: number; readonly size: number }) {
  const file = openSync(path, 'r');
  const { from, size } = part ?? { from: 0, size: fstatSync(file).size };
  const read = (buffer: Uint8Array, offset: number, length: number, position: number) =>
    readSync(file, buffer, offset, length, from + position);
  return { size, read, close: () => closeSync(file) };
}

function fromMemory(bytes: Uint8Array) {
  const read = (buffer: Uint8Array, offset: number, length: number, position: number) => {
    buffer.set(bytes.subarray(position, position + length), offset);
    return length;
  };
  return { size: bytes.length, read, close: () => undefined };
}
