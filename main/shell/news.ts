import { app, Notification, type BrowserWindow } from 'electron';
import type { News } from '#contract/host.ts';

interface Ways {
  readonly focus: () => void;
  /** Sends a command to the page. */
  readonly command: (name: string) => void;
}

/** Tells through the system what ended, marks the window until it is looked at, and shows what is clicked. */
export class NewsDesk {
  readonly #window: BrowserWindow;
  readonly #ways: Ways;
  /** A notification that nothing holds is collected, and its click with it. */
  readonly #shown = new Set<Notification>();
  #unseen = 0;

  constructor(window: BrowserWindow, ways: Ways) {
    this.#window = window;
    this.#ways = ways;
    window.on('focus', () => this.#seen());
  }

  readonly tell = ({ title, body, command }: News): void => {
    if (!this.#window.isDestroyed() && !this.#window.isFocused()) this.#mark();
    if (!Notification.isSupported()) return; // the mark and the page's own title remain
    const notification = new Notification({ title, body });
    this.#shown.add(notification);
    const over = () => this.#shown.delete(notification);
    notification.on('close', over);
    notification.on('failed', over);
    notification.on('click', () => {
      over();
      this.#ways.focus();
      this.#ways.command(command);
    });
    notification.show();
  };

  #mark(): void {
    this.#unseen += 1;
    app.setBadgeCount(this.#unseen); // macOS, and Linux where the desktop has it
    this.#window.flashFrame(true);
  }

  #seen(): void {
    this.#window.flashFrame(false);
    if (this.#unseen === 0) return;
    this.#unseen = 0;
    app.setBadgeCount(0);
  }
}
