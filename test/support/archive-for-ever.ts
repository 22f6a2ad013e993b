// Archives the project in argv[2] as argv[3], again and again, until it is killed; says so before each time.
import { archiveProject } from '#engine/project/archive.ts';
import { Project } from '#engine/project/project.ts';

const [, , folder = '', file = ''] = process.argv;
const project = await Project.open(folder);
for (;;) {
  process.stdout.write('.');
  await archiveProject(project, file);
}
