import { screen, type BrowserWindow, type Rectangle } from 'electron';
import path from 'node:path';
import { z } from 'zod';
import { readJsonFile, writeJsonFile } from '#link/json-file.ts';

const windowState = z.object({
  bounds: z.object({ x: z.number().int(), y: z.number().int(), width: z.number().int(), height: z.number().int() }),
  maximized: z.boolean(),
});
type WindowState = z.infer<typeof windowState>;

/** Where the window was when it was last closed; null the first time and when that place is on no screen now. */
export function readWindowState(folder: string): WindowState | null {
  const read = windowState.safeParse(readJsonFile(fileIn(folder)));
  return read.success && isVisible(read.data.bounds) ? read.data : null;
}

export function keepWindowState(folder: string, window: BrowserWindow): void {
  let timer: NodeJS.Timeout | undefined;
  const write = () => {
    if (window.isDestroyed()) return;
    const state: WindowState = { bounds: window.getNormalBounds(), maximized: window.isMaximized() };
    void writeJsonFile(fileIn(folder), state).catch(() => undefined); // the next start takes the default place
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(write, 500);
  };
  window.on('resize', soon);
  window.on('move', soon);
  window.on('close', write);
}

function isVisible({ x, y, width }: Rectangle): boolean {
  // The title bar must be within reach.
  return screen.getAllDisplays().some(({ workArea }) => {
    const acrossLeft = Math.max(x, workArea.x);
    const acrossRight = Math.min(x + width, workArea.x + workArea.width);
    return acrossRight - acrossLeft > 100 && y >= workArea.y - 20 && y < workArea.y + workArea.height - 40;
  });
}

const fileIn = (folder: string) => path.join(folder, 'window.json');
