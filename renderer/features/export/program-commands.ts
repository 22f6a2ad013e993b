/** What a person types to train with a program that was written here. */
export function programCommands(path: string): string {
  const folder = path.replace(/\.zip$/i, '');
  const unpacked = folder === path ? [] : [`unzip ${quoted(path)} -d ${quoted(parentOf(path))}`];
  return [
    ...unpacked,
    `cd ${quoted(folder)}`,
    'python3 -m venv venv',
    'venv/bin/pip install -r requirements.txt',
    'venv/bin/python train.py              # this machine',
    'venv/bin/python launch.py --workers 2 # two workers on it, as on two machines',
    '',
  ].join('\n');
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function parentOf(path: string): string {
  const end = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  return end > 0 ? path.slice(0, end) : '.';
}
