import { join } from 'node:path';
import { throwIfAborted } from '@hyperribbon/contract';
import { workers } from '../jobs/workers.js';
import { duration } from '../output/progressLines.js';
import { studyFiles } from '../output/studyFiles.js';
import { requireFolderPlace, requireWritableFolder } from '../output/writeFiles.js';
import { endOf, inRunFolder } from '../runs/runFolder.js';
import { requireIntactRuns } from '../ribbon/ensembleRuns.js';
import { planOf } from '../ribbon/planOf.js';
import { ribbonFolder, ribbonOptions } from '../ribbon/ribbonOptions.js';
import { ribbonIdentity } from '../ribbon/ribbonPlan.js';
import { runRibbon } from '../ribbon/runRibbon.js';
import { command } from './command.js';

export const ribbonCommand = command({
  name: 'ribbon',
  description:
    'How low-dimensional is training? Trains an ensemble of linear and nonlinear networks, maps their trajectories (InPCA), and ' +
    'compares with what linear regression predicts from the input spectrum. Writes report.html, report.json and the figures as svg.',
  options: ribbonOptions,
  after: `Runs are kept: the same command again goes on where a stopped one ended, and more seeds use the runs that are there.
Ctrl-C writes a report of what is done so far.

Examples:
  hyperribbon ribbon
  hyperribbon ribbon --quick
  hyperribbon ribbon --data points.csv --train-examples 2000 --out points`,
  run: async (options, { signal, lines, commandLine, print, seconds }) => {
    lines.print('hyperribbon ribbon: reading the data');
    const base = options.out ?? ribbonFolder;
    requireFolderPlace(base, '--out');
    const runsFolder = requireFolderPlace(options.runs ?? join(base, 'runs'), '--runs');
    const plan = await planOf(options, runsFolder, commandLine);
    lines.print(
      `${plan.dataset} (${plan.task}): ${plan.configurations.length} configurations × ${plan.seeds} seeds, ${plan.epochs} epochs of ` +
        `${plan.train.count} examples, ${plan.watched.count} samples`,
    );
    for (const note of plan.notes) lines.print(note);
    requireIntactRuns(plan);
    throwIfAborted('ribbon', signal);
    return inRunFolder({ ...options, byDefault: ribbonFolder }, ribbonIdentity(plan), commandLine, async (folder) => {
      requireWritableFolder(runsFolder, '--runs');
      const executor = workers(plan.workers);
      const study = await runRibbon(plan, executor, { signal, lines }).finally(() => executor.close());
      const { table, files } = studyFiles(study);
      folder.finish(files, endOf(study.status));
      print(`\n${table}\n\n`);
      print(`${join(folder.path, 'report.html')} and ${files.size - 1} more files, in ${duration(seconds())}\n`);
      return study.status.complete ? 0 : 1;
    });
  },
});
