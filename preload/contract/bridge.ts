/** All that the preload script gives to the page. Calls and events go over the ports it hands out. */
export interface Bridge {
  /** Asks the shell for a port; it arrives as a window message `{ heatlens: 'port', key }` with the port. */
  connect(to: 'engine' | 'host', key: string): void;
  /** The path of a dropped or chosen file; empty for a file made by script. */
  pathOf(file: unknown): string;
}

export const bridgeName = 'heatlens';
