import { AppError } from '#contract/failures.ts';
import { lastWords, runProgram } from './child.ts';
import type { Work } from './work.ts';

/** A Python 3 with pip: the program's name. Fails: `provision/no-python`, `provision/no-pip`. */
export async function findPython({ signal }: Pick<Work, 'signal'>): Promise<string> {
  const names = [process.env['HEATLENS_PYTHON'], 'python3', 'python', 'py'].filter((name) => name !== undefined);
  let withoutPip = '';
  for (const name of names) {
    const asked = await runProgram(name, ['-c', 'import sys; print(sys.version_info[0])'], { signal });
    if (asked.missing || asked.code !== 0 || asked.stdout.trim() !== '3') continue;
    const pip = await runProgram(name, ['-m', 'pip', '--version'], { signal });
    if (pip.code === 0) return name;
    withoutPip ||= `${name}: ${lastWords(pip.stderr, 1)}`;
  }
  if (withoutPip) throw new AppError('provision/no-pip', `Python is here, but not pip (${withoutPip}).`, {});
  throw new AppError('provision/no-python', `None of ${names.join(', ')} is a Python 3.`, {});
}
