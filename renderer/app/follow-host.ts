import type { App } from '#state/app.svelte.ts';
import { receive } from '#state/receive.ts';

/** Does what the native menu and the system ask for; returns the function that stops it. */
export function followHost(app: App): () => void {
  const ended = new AbortController();
  void (async () => {
    try {
      for await (const action of await app.link.host.actions(undefined, { signal: ended.signal })) {
        if (action.kind === 'open') void receive(app, action.paths);
        else app.actions.do(action.command);
      }
    } catch {
      // The host is gone: the window goes with it.
    }
  })();
  return () => ended.abort();
}
