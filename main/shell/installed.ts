import { app } from 'electron';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { LaunchEngine } from '#link/engine-child.ts';
import { nodeLauncher } from '#link/node-process.ts';
import { oldestNode } from '#link/node-program.ts';
import { utilityLauncher } from '#link/utility-process.ts';

/**
 * Whether the engine can be a process of Electron's own. Its libraries need Node 20; beside an Electron that is older it
 * runs on a plain Node.
 */
export const runsOwnEngine = Number(process.versions.node.split('.')[0]) >= oldestNode;

/**
 * How the engine is started. In a package it lies outside of the archive, with its native parts, its threads and the
 * programs that it starts; a plain Node lies beside it.
 *
 * @param out the folder of everything built
 */
export function engineLauncher(out: string): LaunchEngine {
  if (app.isPackaged) useCarriedNode();
  const file = app.isPackaged
    ? path.join(process.resourcesPath, 'engine', 'out', 'main', 'engine.cjs')
    : path.join(out, 'main', 'engine.cjs');
  return runsOwnEngine ? utilityLauncher(file) : nodeLauncher(file);
}

/** Heard by `nodeProgram` here, and by the engine when it tries a TensorFlow that was fetched. */
function useCarriedNode(): void {
  const node = path.join(process.resourcesPath, process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(node)) process.env['HEATLENS_NODE'] ??= node;
}
