import { spawn } from 'node:child_process';
import { engineMessage, type HostMessage } from '#contract/engine-process.ts';
import { isPortMessage, ManyPorts, type PortMessage } from '#contract/many-ports.ts';
import { engineEnvironment, linesOf, type LaunchEngine } from './engine-child.ts';
import { nodeProgram } from './node-program.ts';

/**
 * Starts the engine as a child of a plain Node; its channel carries all ports.
 *
 * @param stderr what its log lines and TensorFlow's own do beside the log file: a command line keeps its stderr clean
 */
export function nodeLauncher(
  engineFile: string,
  program = nodeProgram,
  stderr: 'inherit' | 'ignore' = 'inherit',
): LaunchEngine {
  return (args, hears) => {
    const child = spawn(program(), [engineFile, JSON.stringify(args)], {
      stdio: ['ignore', 'pipe', stderr, 'ipc'],
      serialization: 'advanced',
      env: { ...engineEnvironment(), ELECTRON_RUN_AS_NODE: '1' }, // heard only if the program is an Electron
      windowsHide: true,
    });
    let gone = false;
    const send = (message: PortMessage | HostMessage) => {
      if (!gone && child.connected) child.send(message, () => undefined); // a failed send is followed by the exit
    };
    const ports = new ManyPorts(send);
    const exited = (how: string) => {
      if (gone) return;
      gone = true;
      ports.end(how);
      hears.exited(how);
    };
    child.on('message', (message) => {
      if (gone) return;
      if (isPortMessage(message)) ports.take(message);
      else hears.said(engineMessage.parse(message));
    });
    child.on('error', (error) => exited(`it could not be started: ${error.message}`));
    child.on('exit', (code, signal) => exited(signal ? `it was ended by ${signal}` : `it ended with code ${code}`));
    if (child.stdout) linesOf(child.stdout, (text) => hears.line(text));
    return {
      pid: child.pid,
      connect: () => ports.open(),
      end: () => send({ kind: 'end' }),
      kill: () => void child.kill('SIGKILL'),
    };
  };
}
