// Stands in for the engine process in tests of its supervisor: speaks the same channel and behaves as `project` says.
const { project: behaviour } = JSON.parse(process.argv[2]);
let count = 0;
let lag = 0;
let busy = null;
const pulse = () => process.stdout.write(`${JSON.stringify({ pulse: ++count, lag, busy })}\n`);
pulse();
const pulses = setInterval(pulse, 100);

process.on('disconnect', () => process.exit(0));
process.on('message', (message) => {
  if (message.is === 'frame') process.send({ ...message, frame: `echo ${message.frame}` });
  if (message.kind === 'end') process.exit(0);
});

const later = (act) => setTimeout(act, 150);
if (behaviour === 'fails') process.send({ kind: 'failed', reason: 'no project folder' });
else process.send({ kind: 'ready', pictures: process.env.STAND_IN_PICTURES ?? '/nowhere/at/all' });
if (behaviour === 'dies') later(() => process.exit(3));
if (behaviour === 'mute') later(() => clearInterval(pulses));
if (behaviour === 'lags') later(() => (lag = 3500));
if (behaviour === 'busy') later(() => ([lag, busy] = [3500, 'training step']));
if (behaviour === 'chatters') later(() => process.stdout.write('this is no pulse\n{"pulse":"x"}\n'));
