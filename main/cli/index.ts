import { connect } from './connect.ts';
import { onInterrupt } from './interrupt.ts';
import { main } from './main.ts';

const signal = onInterrupt();
void main(process.argv.slice(2), { stdout: process.stdout, stderr: process.stderr, signal, connect }).then((code) => {
  process.exitCode = code;
});
