import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { AddressInfo } from 'node:net';
import { joinPorts, madePort } from '#contract/made-port.ts';
import { ManyPorts, type PortMessage } from '#contract/many-ports.ts';
import { messagePort } from '#contract/message-port.ts';
import type { Frame, Port } from '#contract/port.ts';
import { webSocketPort } from '#contract/web-socket.ts';

type Pair = readonly [Port, Port];

/** Two ends of each transport that a test can have both of. */
const transports: Record<string, () => Promise<Pair>> = {
  'a message channel': async () => {
    const { port1, port2 } = new MessageChannel();
    return [messagePort(port1 as never), messagePort(port2 as never)];
  },
  'a channel shared by many': async () => {
    const opened: Port[] = [];
    const sides: ManyPorts[] = [];
    const send = (to: number) => (message: PortMessage) =>
      queueMicrotask(() => sides[to]?.take(structuredClone(message)));
    sides.push(new ManyPorts(send(1)), new ManyPorts(send(0), (port) => opened.push(port)));
    sides[0]!.open();
    const near = sides[0]!.open();
    await expect.poll(() => opened.length).toBe(2);
    return [near, opened[1]!];
  },
  'a web socket': async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    const came = new Promise<Port>((settle) => server.on('connection', (socket) => settle(webSocketPort(socket))));
    const near = webSocketPort(new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`));
    const far = await came;
    void far.closed.then(() => server.close());
    return [near, far];
  },
};

function hearing(port: Port): Frame[] {
  const heard: Frame[] = [];
  port.listen((frame) => heard.push(frame));
  return heard;
}

for (const [name, open] of Object.entries(transports)) {
  test(`${name} keeps frames until they are listened for, whole and in order, both ways`, async () => {
    const [near, far] = await open();
    for (let count = 0; count < 50; count++) near.post(String(count));
    near.post(new Uint8Array([1, 2, 255]));
    await new Promise((settle) => setTimeout(settle, 20));
    const heard = hearing(far);
    await expect.poll(() => heard.length).toBe(51);
    expect(heard.slice(0, 50)).toEqual(Array.from({ length: 50 }, (_, count) => String(count)));
    expect([...(heard[50] as Uint8Array)]).toEqual([1, 2, 255]);
    const back = hearing(near);
    far.post('back');
    await expect.poll(() => back).toEqual(['back']);
    near.close();
  });

  test(`${name} ends on both sides when one closes it; what is posted then goes nowhere`, async () => {
    const [near, far] = await open();
    const heard = hearing(far);
    near.post('last');
    await expect.poll(() => heard).toEqual(['last']);
    near.close();
    near.close();
    expect((await near.closed).reason).toBe('this side closed it');
    expect((await far.closed).reason).not.toBe('');
    near.post('too late');
    far.post('too late');
    await new Promise((settle) => setTimeout(settle, 10));
    expect(heard).toEqual(['last']);
  });
}

test('of a shared channel one port can close while the others live on, until the channel goes', async () => {
  const opened: Port[] = [];
  const sides: ManyPorts[] = [];
  sides.push(
    new ManyPorts((message) => sides[1]?.take(message)),
    new ManyPorts(
      (message) => sides[0]?.take(message),
      (port) => opened.push(port),
    ),
  );
  const [first, second] = [sides[0]!.open(), sides[0]!.open()];
  first.close();
  await opened[0]!.closed;
  const heard = hearing(opened[1]!);
  second.post('still here');
  expect(heard).toEqual(['still here']);
  sides[0]!.end('the process died');
  expect(await second.closed).toEqual({ reason: 'the process died' });
  expect(await sides[0]!.open().closed).toEqual({ reason: 'the process died' });
});

test('joined ports pass frames on and end together', async () => {
  const [near, middleNear] = await transports['a message channel']!();
  const [middleFar, far] = await transports['a web socket']!();
  joinPorts(middleNear, middleFar);
  const [atNear, atFar] = [hearing(near), hearing(far)];
  near.post('there');
  far.post('back');
  await expect.poll(() => [...atFar, ...atNear]).toEqual(['there', 'back']);
  far.close();
  await near.closed;
});

test('a listener that was taken back hears no more', () => {
  const { port, arrived } = madePort({ post: () => undefined, close: () => undefined });
  const heard: Frame[] = [];
  const stop = port.listen((frame) => heard.push(frame));
  arrived('one');
  stop();
  arrived('two');
  expect(heard).toEqual(['one']);
});
