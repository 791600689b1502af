import { join } from 'node:path';
import { throwIfAborted } from '@hyperribbon/contract';
import { workers } from '../jobs/workers.js';
import { measuresFolder, measuresOptions } from '../measures/measuresOptions.js';
import { measuresIdentity, measuresPlan } from '../measures/plan.js';
import { runMeasures } from '../measures/runMeasures.js';
import { duration } from '../output/progressLines.js';
import { studyFiles } from '../output/studyFiles.js';
import { requireFolderPlace } from '../output/writeFiles.js';
import { endOf, inRunFolder } from '../runs/runFolder.js';
import { command } from './command.js';

export const measuresCommand = command({
  name: 'measures',
  description:
    'How complex is a network? Bounds by norms and ranks, measures of complexity, margins, ranks and neural collapse on one page.\n' +
    'Writes report.html, report.json and the figures as svg; default: a network trained on binary MNIST.',
  options: measuresOptions,
  after: `Ctrl-C writes a report of what is done so far.

Examples:
  hyperribbon measures --quick
  hyperribbon measures --model net.npz --data mnist --task digits
  hyperribbon measures --architecture mlp:relu:256,256 --data fashion-mnist --epochs 30`,
  run: async (options, { signal, lines, commandLine, print, seconds }) => {
    lines.print('hyperribbon measures: reading the data');
    requireFolderPlace(options.out ?? measuresFolder, '--out');
    const plan = await measuresPlan(options, commandLine);
    const { dataset, task, train, network, seed, notes, repeated } = plan;
    lines.print(
      `${dataset} (${task}): ${train.count} examples, ${network.name} with ${network.size} weights, seed ${seed}`,
    );
    for (const note of notes) lines.print(note);
    if (repeated !== undefined) lines.print(repeated);
    throwIfAborted('measures', signal);
    const request = { ...options, byDefault: measuresFolder };
    return inRunFolder(request, measuresIdentity(plan), commandLine, async (folder) => {
      const executor = workers(plan.workers);
      const study = await runMeasures(plan, executor, { signal, lines }).finally(() => executor.close());
      const { table, files } = studyFiles(study);
      folder.finish(files, endOf(study.status));
      print(`\n${table}\n`);
      print(`${join(folder.path, 'report.html')} and ${files.size - 1} more files, in ${duration(seconds())}\n`);
      return study.status.failed === undefined ? 0 : 1;
    });
  },
});
