import { join } from 'node:path';
import { throwIfAborted } from '@hyperribbon/contract';
import { predictionFile } from '../input/predictionFile.js';
import { workers as executorOf } from '../jobs/workers.js';
import { option } from '../options/option.js';
import { whole } from '../options/parsers.js';
import { arithmetic, folder as folderOption, force, seed, workers } from '../options/shared.js';
import { duration } from '../output/progressLines.js';
import { studyFiles } from '../output/studyFiles.js';
import { requireFolderPlace } from '../output/writeFiles.js';
import { runInpca } from '../ribbon/inpcaStudy.js';
import { endOf, inRunFolder } from '../runs/runFolder.js';
import { command } from './command.js';

const byDefault = 'hyperribbon-inpca';

export const inpcaOptions = {
  dimensions: option('<count>', 'coordinates of the map', whole(2, 100), 10),
  seed,
  deterministic: arithmetic.deterministic,
  workers,
  out: folderOption(byDefault),
  force,
};

export const inpcaCommand = command({
  name: 'inpca',
  description:
    'Maps models of your own by what they predict (InPCA): coordinates, widths and explained stress of their Bhattacharyya divergences. ' +
    'Writes report.html, report.json, inpca-map.svg and inpca-widths.svg.',
  options: inpcaOptions,
  argument: [
    'predictions',
    'npz file: probabilities or logits, (models, samples, classes) or (runs, checkpoints, samples, classes)',
  ],
  after: `The file may hold labels, (samples,), by which the truth is placed and progress told, and runs, (models,), which joins checkpoints.
In Python: numpy.savez('predictions.npz', probabilities=p, labels=y)

Examples:
  hyperribbon inpca predictions.npz
  hyperribbon inpca predictions.npz --dimensions 20 --out map`,
  run: async (options, { signal, lines, commandLine, print, seconds }, file) => {
    requireFolderPlace(options.out ?? byDefault, '--out');
    const predictions = await predictionFile(file);
    const { models, samples, classes, unused, identity } = predictions;
    if (unused.length > 0) lines.print(`not used of ${file}: ${unused.join(', ')}`);
    lines.print(`hyperribbon inpca: ${models} models, ${samples} samples of ${classes} classes`);
    throwIfAborted('inpca', signal);
    const { dimensions, seed: chosen, deterministic } = options;
    const plan = { predictions, dimensions, seed: chosen, deterministic, workers: options.workers, commandLine };
    const whose = { command: 'inpca', predictions: identity, dimensions, seed: chosen, deterministic };
    return inRunFolder({ ...options, byDefault }, whose, commandLine, async (folder) => {
      const executor = executorOf(plan.workers);
      const study = await runInpca(plan, executor, { signal, lines }).finally(() => executor.close());
      const { table, files } = studyFiles(study);
      folder.finish(files, endOf(study.status));
      print(`\n${table}\n\n`);
      print(`${join(folder.path, 'report.html')} and ${files.size - 1} more files, in ${duration(seconds())}\n`);
      return study.status.complete ? 0 : 1;
    });
  },
});
