import type { BrowserWindow } from 'electron';
import type { Work } from '#contract/host.ts';

/** What Electron takes for a bar that only moves, and for none. */
const moving = 2;
const none = -1;

/** How far the page's work is, in the task bar or dock. */
export class WorkBar {
  readonly #window: BrowserWindow;
  #share: Work['share'] = null;

  constructor(window: BrowserWindow) {
    this.#window = window;
    // A page that begins anew knows nothing of what the one before it waited for.
    window.webContents.on('did-start-navigation', (_event, _url, inPlace, mainFrame) => {
      if (mainFrame && !inPlace) this.show({ share: null });
    });
    window.webContents.on('render-process-gone', () => this.show({ share: null }));
  }

  /** Whether something is under way. */
  get busy(): boolean {
    return this.#share !== null;
  }

  readonly show = ({ share }: Work): void => {
    this.#share = share;
    if (this.#window.isDestroyed()) return;
    this.#window.setProgressBar(share === null ? none : share === 'unknown' ? moving : share);
  };
}
