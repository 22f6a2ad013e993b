import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { say } from './run.mjs';

/**
 * Does `work` while no other process of this user does the same. The lock is a folder that names its owner, so one
 * left behind by a process that died is taken over.
 */
export async function locked(target, work) {
  const lock = `${target}.lock`;
  mkdirSync(dirname(lock), { recursive: true });
  for (let told = false; !take(lock); told = true) {
    if (!told) say(`waiting for another Heatlens that prepares ${target}`);
    await wait(250);
  }
  const release = () => rmSync(lock, { recursive: true, force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

function take(lock) {
  try {
    mkdirSync(lock);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!alive(lock)) rmSync(lock, { recursive: true, force: true });
    return false;
  }
  writeFileSync(`${lock}/pid`, String(process.pid));
  return true;
}

function alive(lock) {
  let pid;
  try {
    pid = Number(readFileSync(`${lock}/pid`, 'utf8'));
  } catch {
    return nameless(lock);
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** The name follows the folder at once: a folder without one is only young, or was left by a process that died then. */
function nameless(lock) {
  const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return Date.now() - since < 5000;
}
