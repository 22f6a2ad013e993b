import { bridgeName, type Bridge } from '#contract/bridge.ts';
import { AppError } from '#contract/failures.ts';
import { messagePort } from '#contract/message-port.ts';
import { laterPort } from './later-port.ts';
import type { Transport } from './transport.ts';

export function findBridge(): Bridge | undefined {
  return (window as unknown as Record<string, Bridge | undefined>)[bridgeName];
}

/** In the window of the desktop host: ports come through the bridge, files have paths. */
export function desktopTransport(bridge: Bridge): Transport {
  return {
    connect: (to) => {
      const later = laterPort();
      const key = crypto.randomUUID();
      const hear = ({ source, data, ports: [port] }: MessageEvent<{ heatlens?: string; key?: string } | null>) => {
        if (source !== window || data?.heatlens !== 'port' || data.key !== key || !port) return;
        window.removeEventListener('message', hear);
        later.attach(messagePort(port));
      };
      window.addEventListener('message', hear);
      bridge.connect(to, key);
      return later.port;
    },
    take: (files) => taken(files),
    // A folder that is dropped is a file here, too, and has a path.
    takeDropped: ({ files }) => taken(files),
  };

  async function taken(files: Iterable<File>): Promise<string[]> {
    return Array.from(files, (file) => pathOf(bridge, file));
  }
}

function pathOf(bridge: Bridge, file: File): string {
  const path = bridge.pathOf(file);
  if (path) return path;
  throw new AppError('file/unreadable', `"${file.name}" has no path on this machine.`, {
    file: file.name,
    reason: 'it has no path on this machine',
  });
}
