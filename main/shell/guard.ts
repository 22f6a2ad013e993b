import type { Session, WebContents, WebFrameMain } from 'electron';
import { pageOrigin } from './scheme.ts';

/** Nothing that a page may ask the system for is granted, and nothing of the network is loaded. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, grant) => grant(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest(
    { urls: ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'file://*/*'] },
    (_, act) => act({ cancel: true }),
  );
}

/** The window shows our page and nothing else, ever. */
export function guardContents(contents: WebContents): void {
  const refuse = (event: { preventDefault(): void }) => event.preventDefault();
  contents.on('will-navigate', refuse);
  contents.on('will-redirect', refuse);
  contents.on('will-attach-webview', refuse);
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** Whether a message comes from the main frame of our page. */
export function isOurs(frame: WebFrameMain | null): boolean {
  return frame !== null && frame.parent === null && originOf(frame.url) === pageOrigin;
}

/** `URL.origin` is "null" for a scheme that Node does not know. */
function originOf(url: string): string {
  try {
    const { protocol, host } = new URL(url);
    return `${protocol}//${host}`;
  } catch {
    return '';
  }
}
