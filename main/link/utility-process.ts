import { MessageChannelMain, utilityProcess, type MessagePortMain } from 'electron';
import { engineMessage, type HostMessage } from '#contract/engine-process.ts';
import { messagePort } from '#contract/message-port.ts';
import { engineEnvironment, linesOf, type LaunchEngine } from './engine-child.ts';

/** Starts the engine as a process of Electron's; a page then talks to it without the shell in between. */
export function utilityLauncher(engineFile: string): LaunchEngine {
  return (args, hears) => {
    const child = utilityProcess.fork(engineFile, [JSON.stringify(args)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: engineEnvironment(),
      serviceName: 'Heatlens engine',
    });
    let gone = false;
    const ports = new Set<MessagePortMain>();
    // Electron 44: posting to a process that is gone ends the main process (electron#53923).
    const send = (message: HostMessage, port?: MessagePortMain) => {
      if (!gone) child.postMessage(message, port ? [port] : []);
    };
    child.on('message', (message: unknown) => {
      if (!gone) hears.said(engineMessage.parse(message));
    });
    child.on('exit', (code) => {
      if (gone) return; // it may be told twice (electron#44012)
      gone = true;
      for (const port of ports) port.close();
      hears.exited(`it ended with code ${code}`);
    });
    if (child.stdout) linesOf(child.stdout, (text) => hears.line(text));
    return {
      get pid() {
        return child.pid;
      },
      connect: () => {
        const { port1, port2 } = new MessageChannelMain();
        ports.add(port1);
        port1.on('close', () => ports.delete(port1));
        send({ kind: 'port' }, port2);
        return messagePort(port1);
      },
      hand: (port) => send({ kind: 'port' }, port as MessagePortMain),
      end: () => send({ kind: 'end' }),
      kill: () => {
        if (gone || child.pid === undefined) return;
        try {
          process.kill(child.pid, 'SIGKILL'); // Electron's own kill is a request that a stopped process does not hear
        } catch {
          // It went in this moment.
        }
      },
    };
  };
}
