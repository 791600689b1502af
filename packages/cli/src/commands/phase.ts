import { join } from 'node:path';
import { throwIfAborted } from '@hyperribbon/contract';
import { workers } from '../jobs/workers.js';
import { duration } from '../output/progressLines.js';
import { studyFiles } from '../output/studyFiles.js';
import { requireFolderPlace } from '../output/writeFiles.js';
import { endOf, inRunFolder } from '../runs/runFolder.js';
import { phaseFolder, phaseOptions } from '../ribbon/phaseOptions.js';
import { phaseIdentity, phasePlan, runPhase } from '../ribbon/phaseStudy.js';
import { command } from './command.js';

export const phaseCommand = command({
  name: 'phase',
  description:
    'When are the trajectories of linear regression a hyper-ribbon? The share of their variance in three directions over the decay of the inputs and the ' +
    'scale of the target, from exact covariances, with its boundaries; with data, their place in it. Writes report.html, report.json and phase.svg.',
  options: phaseOptions,
  after: `Ctrl-C writes a report of what is done so far.

Examples:
  hyperribbon phase
  hyperribbon phase --steps 10000 --decays 0.2:4 --ratios 0.1:100
  hyperribbon phase --data points.csv --initial-scale 0.01 --out points`,
  run: async (options, { signal, lines, commandLine, print, seconds }) => {
    requireFolderPlace(options.out ?? phaseFolder, '--out');
    const plan = await phasePlan(options, commandLine);
    for (const note of plan.notes) lines.print(note);
    lines.print(`hyperribbon phase: ${plan.phasePoints} × ${plan.phasePoints} points, ${plan.regressionSteps} steps`);
    throwIfAborted('phase', signal);
    return inRunFolder({ ...options, byDefault: phaseFolder }, phaseIdentity(plan), commandLine, async (folder) => {
      const executor = workers(plan.workers);
      const study = await runPhase(plan, executor, { signal, lines }).finally(() => executor.close());
      const { table, files } = studyFiles(study);
      folder.finish(files, endOf(study.status));
      print(`\n${table}\n\n`);
      print(`${join(folder.path, 'report.html')} and ${files.size - 1} more files, in ${duration(seconds())}\n`);
      return study.status.complete ? 0 : 1;
    });
  },
});
