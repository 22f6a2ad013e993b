import { spawn } from 'node:child_process';
import { root } from './places.mjs';

/** Prints to stderr: stdout belongs to the program that was asked for. */
export function say(text) {
  process.stderr.write(`heatlens: ${text}\n`);
}

const children = new Set();

// A program that is told to end takes along what it started. Ctrl-C reaches the children by itself.
for (const signal of ['SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    for (const child of children) child.kill(signal);
    process.exit(signal === 'SIGTERM' ? 143 : 129);
  });
}

/**
 * Runs a program in the root of the repository until it ends; never rejects.
 * @param {{ quiet?: boolean, env?: Record<string, string | undefined>, cwd?: string, seconds?: number, hide?: RegExp }} options
 *   quiet: keep what it prints instead of showing it; shown output goes to stderr unless `stdout` is 'inherit'.
 *   seconds: end it after so long.
 * @returns {Promise<{ ok: boolean, code: number, output: string, seconds: number }>}
 */
export function run(command, args, options = {}) {
  const started = performance.now();
  return new Promise((settle) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: { ...process.env, ...options.env },
      stdio: options.quiet ? ['ignore', 'pipe', 'pipe'] : ['inherit', options.stdout ?? 2, 'inherit'],
    });
    children.add(child);
    let output = '';
    const keep = (/** @type {Buffer} */ chunk) => (output += chunk);
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const timer = options.seconds && setTimeout(() => child.kill('SIGKILL'), options.seconds * 1000);
    const end = (/** @type {number} */ code) => {
      clearTimeout(timer || undefined);
      children.delete(child);
      settle({ ok: code === 0, code, output, seconds: (performance.now() - started) / 1000 });
    };
    child.on('error', (error) => {
      output += error.message;
      end(127);
    });
    child.on('close', (code, signal) => end(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}

/** Runs a program of Node's in this Node: a file of the repository or of an installed package. */
export function runNode(file, args, options) {
  return run(process.execPath, [file, ...args], options);
}

/** The last lines of a text, for a failure's sentence. */
export function lastLines(text, count = 15) {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
