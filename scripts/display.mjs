import { spawn } from 'node:child_process';

/** Whether a window can be shown. Elsewhere than on Linux there is always a display. */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/**
 * Starts an X server without a screen, for tests. It chooses a free number itself and says it on its third channel.
 * @returns {Promise<{ display: string, stop: () => void }>}
 */
export function startVirtualDisplay() {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1920x1200x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const stop = () => server.kill();
  process.once('exit', stop);
  return new Promise((settle, fail) => {
    let said = '';
    server.once('error', (error) => fail(new Error(`Xvfb did not start: ${error.message}`)));
    server.once('exit', (code) => fail(new Error(`Xvfb ended with ${code}`)));
    server.stdio[3]?.on('data', (chunk) => {
      said += chunk;
      if (said.endsWith('\n')) settle({ display: `:${said.trim()}`, stop });
    });
  });
}
