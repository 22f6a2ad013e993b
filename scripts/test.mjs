// npm test: everything, from a machine where nothing is prepared. `npm test -- unit parity` runs only some stages.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './build.mjs';
import { provideElectron } from './electron.mjs';
import { provisionEngine } from './engine.mjs';
import { install } from './install.mjs';
import { requireNode } from './node-version.mjs';
import { say } from './run.mjs';
import { installSystemPackages } from './system-packages.mjs';
import { stages } from './test-stages.mjs';

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in stages));
if (unknown.length > 0) {
  say(`there is no stage ${unknown.join(', ')}; there are ${Object.keys(stages).join(', ')}.`);
  process.exit(2);
}
const chosen = Object.entries(stages).filter(([name]) => asked.length === 0 || asked.includes(name));

requireNode();
const failures = await prepare();
const total = { passed: 0, failed: failures, skipped: 0 };
const lines = [];
const failed = [];
const reports = mkdtempSync(join(tmpdir(), 'heatlens-test-'));
for (const [name, stage] of chosen) {
  console.log(`\n── ${name}`);
  const started = performance.now();
  const counts = await stage.run(reports).catch((error) => {
    say(error.message);
    return { passed: 0, failed: 1, skipped: 0 };
  });
  for (const key of Object.keys(total)) total[key] += counts[key];
  failed.push(...(counts.names ?? []).map((title) => `${name}: ${title}`));
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  lines.push(
    `${name.padEnd(8)} ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped in ${seconds} s`,
  );
}
rmSync(reports, { recursive: true, force: true });

if (failures > 0) lines.unshift(`prepare  ${failures} failed, see the top`);
console.log(`\n${lines.map((line) => `  ${line}`).join('\n')}\n`);
if (failed.length > 0) console.log(`${failed.map((each) => `  failed in ${each}`).join('\n')}\n`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 ? 1 : 0);

/** What the chosen stages need; a step that fails is said and counted, and the stages that can still run do. */
async function prepare() {
  await install().catch((error) => {
    say(error.message);
    process.exit(1); // nothing runs without its packages
  });
  const needsEngine = chosen.some(([, stage]) => stage.engine);
  const needsWindow = chosen.some(([, stage]) => stage.window);
  let failed = 0;
  const step = async (work) => {
    const ok = await work().catch((error) => {
      say(error.message);
      return false;
    });
    if (ok === false) failed += 1;
  };
  if (needsEngine || needsWindow) await step(installSystemPackages);
  if (needsEngine || needsWindow) await step(build);
  if (needsWindow) await provideElectron(); // the stage itself counts its absence
  if (needsEngine) await step(provisionEngine);
  return failed;
}
