import { browserTransport } from './browser.ts';
import { desktopTransport, findBridge } from './desktop.ts';
import { Link } from './link.ts';

export { Link } from './link.ts';
export type { TakeOptions } from './transport.ts';

/** Connects this page with its host and, as soon as it is ready, with the engine. */
export function openLink(): Promise<Link> {
  const bridge = findBridge();
  return new Link(bridge ? desktopTransport(bridge) : browserTransport()).opened();
}
