import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { expect, test } from 'vitest';
import { dataCalls } from '#engine/data/calls.ts';
import { Catalogue } from '#engine/data/catalogue.ts';
import { Imports } from '#engine/data/import/imports.ts';
import { withProgress } from '#engine/data/progress.ts';
import { ImageQueries } from '#engine/data/query.ts';
import { projectCalls } from '#engine/project/calls.ts';
import { Project } from '#engine/project/project.ts';
import { writePair } from '#test/support/idx-files.ts';
import { openProject } from '#test/support/open-project.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

async function calls() {
  let project = await openProject();
  const catalogue = await Catalogue.open(project);
  const queries = new ImageQueries(catalogue, () => Promise.resolve(null));
  const holder = {
    current: () => project,
    async open(folder: string) {
      const next = await Project.open(folder);
      await project.close();
      return (project = next);
    },
  };
  return createRouterClient({
    data: dataCalls({ catalogue: () => catalogue, queries: () => queries, imports: () => new Imports(catalogue) }),
    project: projectCalls(holder, withProgress),
  });
}

/** What a stream says at its end. */
async function ended<T>(events: { next(): Promise<IteratorResult<unknown, T>> }): Promise<T> {
  for (;;) {
    const { done, value } = await events.next();
    if (done) return value;
  }
}

test('from files to a look at one image, every answer as the contract says', async () => {
  const { data } = await calls();
  const files = await writePair(await temporaryFolder());
  const { id } = await data.open({ paths: [files.images, files.labels] });
  expect((await data.list()).map((summary) => summary.id)).toEqual(['mnist', id]);
  expect(await data.count({ dataset: id, split: 'train', classes: [1] })).toEqual({ count: 2 });
  const query = { dataset: id, split: 'train' as const, classes: [1] };
  expect(await data.page({ query, offset: 1, limit: 9 })).toEqual([{ index: 4, split: 'train', label: 1 }]);
  expect(await data.image({ dataset: id, split: 'train', index: 4 })).toMatchObject({ label: 1, height: 4, width: 3 });
  expect((await data.statistics({ dataset: id }))[0]).toMatchObject({ perClass: [2, 2, 2] });
  expect((await data.renameClasses({ dataset: id, classes: ['a', 'b', 'c'] })).classes).toEqual(['a', 'b', 'c']);
  await data.remove({ dataset: id });
  expect((await data.restore({ dataset: id })).id).toBe(id);
});

test('duplicates are found and left out by one click, which can be taken back', async () => {
  const { data } = await calls();
  const folder = await temporaryFolder();
  for (const split of ['train', 'test']) await writePair(folder, { name: split, count: 6, shape: [16, 16] }); // the same six
  const { id } = await data.open({ paths: [folder] });
  const report = await ended(await data.duplicates({ dataset: id }));
  expect(report).toMatchObject({ exact: 11, leaks: 6, groups: [{ acrossSplits: true, acrossClasses: true }] });
  expect(report.advised).toHaveLength(11);
  const one = await data.excludeImages({
    dataset: id,
    images: report.advised.filter(({ split }) => split === 'train'),
  });
  expect(one.splits).toEqual({ train: 0, test: 6 });
  expect((await data.undoEdit({ dataset: id })).splits).toEqual({ train: 6, test: 6 });
});

test('a drawing arrives as base64', async () => {
  const { data } = await calls();
  const pixels = Buffer.alloc(784, 5).toString('base64');
  expect(await data.addDrawing({ pixels, label: 7 })).toMatchObject({ id: 'drawings', splits: { train: 1 } });
  await expect(data.addDrawing({ pixels: 'AAAA', label: 7 })).rejects.toMatchObject({ code: 'call/invalid' });
});

test('a project is renamed, archived, unpacked and opened', async () => {
  const { project } = await calls();
  const folder = await temporaryFolder();
  expect(await project.rename({ name: 'Digits' })).toMatchObject({ name: 'Digits' });
  const { file } = await ended(await project.archive({ file: join(folder, 'digits.zip') }));
  const copy = join(folder, 'copy');
  expect(await ended(await project.unpack({ file, folder: copy }))).toMatchObject({ name: 'Digits', folder: copy });
  expect(await project.current()).toMatchObject({ folder: copy });
  const other = await project.open({ folder: join(folder, 'other') });
  expect(other).toMatchObject({ name: 'other', runs: 0 });
});
