import { say } from './run.mjs';

/** Ends the program with a sentence where Node is too old to run the engine. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 15)) return;
  say(`Heatlens needs Node 20.15 or newer; this is Node ${process.versions.node}.`);
  process.exit(1);
}
