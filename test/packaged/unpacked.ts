import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** How each kind of package is opened without installing it; gives the program that a person would start. */
export const unpack: Readonly<Record<string, (file: string, folder: string) => string>> = {
  'tar.gz': (file, folder) => {
    run('tar', ['-xzf', file, '-C', folder]);
    const [inner = ''] = readdirSync(folder);
    return join(folder, inner, 'heatlens');
  },
  deb: (file, folder) => {
    run('dpkg-deb', ['-x', file, folder]);
    return join(folder, 'opt', 'Heatlens', 'heatlens');
  },
  rpm: (file, folder) => {
    run('sh', ['-c', 'rpm2cpio "$0" | (cd "$1" && cpio -id --quiet)', file, folder]);
    return join(folder, 'opt', 'Heatlens', 'heatlens');
  },
  AppImage: (file, folder) => {
    execFileSync(file, ['--appimage-extract'], { cwd: folder, stdio: 'ignore' });
    return join(folder, 'squashfs-root', 'heatlens');
  },
};

function run(program: string, words: string[]): void {
  execFileSync(program, words, { stdio: ['ignore', 'ignore', 'inherit'], maxBuffer: 1 << 26 });
}
