import { join } from 'node:path';
import { throwIfAborted } from '@hyperribbon/contract';
import { workers } from '../jobs/workers.js';
import { forgetDescent, keptDescentName } from '../landscape/descentFile.js';
import { landscapeFolder, landscapeOptions } from '../landscape/landscapeOptions.js';
import { landscapeIdentity, landscapePlan } from '../landscape/plan.js';
import { runLandscape } from '../landscape/runLandscape.js';
import { duration } from '../output/progressLines.js';
import { studyFiles } from '../output/studyFiles.js';
import { requireFolderPlace } from '../output/writeFiles.js';
import { endOf, inRunFolder } from '../runs/runFolder.js';
import { command } from './command.js';

export const landscapeCommand = command({
  name: 'landscape',
  description:
    'What does the loss look like around a network, and on the way there? Watches descent at the edge of stability; planes with contour lines,\n' +
    'Jacobians, tangent kernels, and local minima on one page. Writes report.html, report.json and the figures as svg.',
  options: landscapeOptions,
  after: `Ctrl-C writes a report of what is done so far; the same command with --resume goes on from there.

Examples:
  hyperribbon landscape --quick
  hyperribbon landscape --flow --jacobian --plane
  hyperribbon landscape --optimizer momentum:0.9 --learning-rate 0.02 --pairs 5
  hyperribbon landscape --model net.npz --data mnist --task digits --loss cross-entropy --plane 31 --axes hessian`,
  run: async (options, { signal, lines, commandLine, print, seconds }) => {
    lines.print('hyperribbon landscape: reading the data');
    requireFolderPlace(options.out ?? landscapeFolder, '--out');
    const plan = await landscapePlan(options, commandLine);
    const { dataset, task, examples, network, seed, notes, repeated } = plan;
    lines.print(
      `${dataset} (${task}): ${examples.count} examples, ${network.name} with ${network.size} weights, seed ${seed}`,
    );
    for (const note of notes) lines.print(note);
    if (repeated !== undefined) lines.print(repeated);
    throwIfAborted('landscape', signal);
    const request = { ...options, byDefault: landscapeFolder, keeps: [keptDescentName] };
    return inRunFolder(request, landscapeIdentity(plan), commandLine, async (folder) => {
      const executor = workers(plan.workers);
      const run = runLandscape(plan, folder.path, executor, { signal, lines });
      const study = await run.finally(() => executor.close());
      const { table, files } = studyFiles(study);
      folder.finish(files, endOf(study.status));
      if (study.status.complete) forgetDescent(folder.path);
      print(`\n${table}\n`);
      print(`${join(folder.path, 'report.html')} and ${files.size - 1} more files, in ${duration(seconds())}\n`);
      return study.status.failed === undefined ? 0 : 1;
    });
  },
});
