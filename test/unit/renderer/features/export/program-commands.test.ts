import { expect, test } from 'vitest';
import { programCommands } from '#features/export/program-commands.ts';

test('a folder with odd letters is one word to a shell', () => {
  expect(programCommands("/tmp/it's $HOME")).toContain(String.raw`cd '/tmp/it'\''s $HOME'`);
  expect(programCommands('/tmp/plain')).toMatch(/^cd \/tmp\/plain\n/);
});

test('an archive is unpacked beside itself first', () => {
  expect(programCommands('/home/me/my run.zip')).toMatch(
    /^unzip '\/home\/me\/my run\.zip' -d \/home\/me\ncd '\/home\/me\/my run'\n/,
  );
});
