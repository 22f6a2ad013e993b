import { ipcMain, MessageChannelMain, type BrowserWindow } from 'electron';
import { z } from 'zod';
import { answerer } from '#contract/answers.ts';
import { joinPorts } from '#contract/made-port.ts';
import { messagePort } from '#contract/message-port.ts';
import type { EngineProcess } from '#link/engine-process.ts';
import { hostCalls, type HostParts } from '#link/host-calls.ts';
import { isOurs } from './guard.ts';

export type Picking = Parameters<HostParts['pick']>[0];

const connection = z.tuple([z.enum(['engine', 'host']), z.string().max(100)]);

/** Gives the page of this window its ports to the host and to the engine. Anybody else is refused, with a line in the log. */
export function answerPage(window: BrowserWindow, parts: HostParts, report: (text: string) => void): void {
  const answer = answerer(hostCalls(parts), (thrown) => report(describe(thrown)));
  ipcMain.on('connect', (event, ...args: unknown[]) => {
    const asked = connection.safeParse(args);
    if (!asked.success || event.sender !== window.webContents || !isOurs(event.senderFrame)) {
      return report(`refused a connection asked for by ${event.senderFrame?.url ?? 'a frame that is gone'}`);
    }
    const [to, key] = asked.data;
    const { port1, port2 } = new MessageChannelMain();
    if (to === 'host') answer(messagePort(port2));
    else connectEngine(parts.engine, port2);
    event.sender.postMessage('port', key, [port1]);
  });
}

function connectEngine(engine: EngineProcess, port: Electron.MessagePortMain): void {
  if (!engine.hand(port)) joinPorts(messagePort(port), engine.connect());
}

const describe = (thrown: unknown) => (thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
