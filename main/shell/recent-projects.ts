import { app } from 'electron';
import path from 'node:path';
import type { JumpListItem } from 'electron';

/** How many stand in a menu. */
export const recentShown = 8;

/** Tells the system's own lists of recent things (dock, jump list) which projects were opened. */
export class RecentProjects {
  #told: readonly string[] = [];

  /** @param folders the newest first; @param title above them in the jump list of Windows */
  tell(folders: readonly string[], title: string): void {
    if (folders.join('\n') === this.#told.join('\n')) return;
    const gone = this.#told.some((folder) => !folders.includes(folder));
    this.#told = folders;
    if (process.platform === 'win32') return tellWindows(folders, title);
    if (gone) app.clearRecentDocuments();
    for (const folder of [...folders].reverse()) app.addRecentDocument(folder);
  }
}

/** Windows lists only files with a program of their own by itself; folders are given to it as tasks. */
function tellWindows(folders: readonly string[], title: string): void {
  const own = process.defaultApp === true && process.argv[1] ? `"${path.resolve(process.argv[1])}" ` : '';
  const items = folders.slice(0, recentShown).map((folder): JumpListItem => {
    const about = { title: path.basename(folder), description: folder };
    return { type: 'task', program: process.execPath, args: `${own}"${folder}"`, ...about };
  });
  app.setJumpList(items.length === 0 ? null : [{ type: 'custom', name: title, items }]);
}
