import { dialog, shell, type BrowserWindow } from 'electron';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import { AppError } from '#contract/failures.ts';
import type { pickRequest } from '#contract/host.ts';

/** Paths that the person chose; none when the dialog was dismissed. */
export async function pick(window: BrowserWindow, request: z.output<typeof pickRequest>): Promise<string[]> {
  const { kind, title, name, filters } = request;
  if (kind === 'save') {
    const options = { title, filters, ...(name && { defaultPath: path.basename(name) }) };
    const { canceled, filePath } = await dialog.showSaveDialog(window, options);
    return canceled || !filePath ? [] : [filePath];
  }
  const properties = kind === 'folder' ? ['openDirectory' as const, 'createDirectory' as const] : multiple;
  const { canceled, filePaths } = await dialog.showOpenDialog(window, { title, filters, properties });
  return canceled ? [] : filePaths;
}

const multiple = ['openFile' as const, 'multiSelections' as const];

/** Shows a file in the system's file manager; never opens it. Fails: `file/missing`, `call/forbidden`. */
export function reveal(file: string): Promise<void> {
  if (!path.isAbsolute(file)) throw new AppError('call/forbidden', `${file} is not an absolute path.`);
  if (!existsSync(file)) throw new AppError('file/missing', `There is no file ${file}.`, { file });
  shell.showItemInFolder(file);
  return Promise.resolve();
}
