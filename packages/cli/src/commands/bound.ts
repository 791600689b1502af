import { join } from 'node:path';
import { throwIfAborted } from '@hyperribbon/contract';
import { writeNpz } from '@hyperribbon/data';
import { here, StudyRun } from '@hyperribbon/study';
import type { RunBoundContext } from '../bound/boundContext.js';
import {
  keptFiles,
  loadCheckpoint,
  loadPrior,
  loadTraining,
  saveCheckpoint,
  savePrior,
  saveTraining,
} from '../bound/boundFiles.js';
import { boundFolder, boundOptions } from '../bound/boundOptions.js';
import { boundIdentity, boundKey, priorKey, type BoundPlan } from '../bound/boundPlan.js';
import { boundStudy } from '../bound/boundStudy.js';
import { planOf } from '../bound/planOf.js';
import { runBound } from '../bound/runBound.js';
import { jobs } from '../jobs/table.js';
import { duration } from '../output/progressLines.js';
import { studyFiles } from '../output/studyFiles.js';
import { requireFolderPlace } from '../output/writeFiles.js';
import { endOf, inRunFolder } from '../runs/runFolder.js';
import { command } from './command.js';

export const boundCommand = command({
  name: 'bound',
  description:
    'Optimises a PAC-Bayes bound over Gaussian weights and certifies the error of the random classifier.\n' +
    'Writes certificate.json, posterior.npz, report.json, report.html and the figures as svg; default: binary MNIST.',
  options: boundOptions,
  after: `Ctrl-C stops the optimisation, certifies what there is and leaves a checkpoint for --resume.

Examples:
  hyperribbon bound --quick
  hyperribbon bound --architecture mlp:relu:600,600 --epochs 30
  hyperribbon bound --task digits --architecture mlp:relu:600,600,600 --prior-fraction 0.5 --prior-shift 2
  hyperribbon bound --data points.csv --architecture mlp:tanh:64 --prior-fraction 0.5
  hyperribbon bound --task digits --architecture lenet --method method4 --batch-size 250`,
  run: async (options, { signal, lines, commandLine, print, seconds }) => {
    lines.print('hyperribbon bound: reading the data');
    requireFolderPlace(options.out ?? boundFolder, '--out');
    const plan = await planOf(options, commandLine);
    if (plan.repeated !== undefined) lines.print(plan.repeated);
    lines.print(
      `${plan.dataset} (${plan.task}): bound on ${plan.train.count - plan.priorCount} examples, ` +
        `${plan.network.name} with ${plan.network.size} weights, ${plan.method}, seed ${plan.seed}`,
    );
    for (const note of plan.notes) lines.print(note);
    throwIfAborted('bound', signal);
    const request = { ...options, byDefault: boundFolder, keeps: Object.values(keptFiles) };
    return inRunFolder(request, boundIdentity(plan), commandLine, async (folder) => {
      const kept = keptIn(folder.path, plan, options.resume);
      if (kept.resume !== undefined) lines.print(`going on at step ${kept.resume.checkpoint.step}`);
      const bound = await runBound(plan, { run: new StudyRun(here(jobs), { signal, lines }), ...kept });
      const study = boundStudy(plan, bound, seconds());
      const { table, files } = studyFiles(study, [
        ['certificate.json', `${JSON.stringify(bound.certificate, null, 1)}\n`],
        // stored: equal deviations deflate a thousandfold, which readers rightly refuse
        ['posterior.npz', writeNpz(bound.arrays, { compress: false })],
        ...bound.testSets.flatMap(({ attachments }) => attachments),
      ]);
      folder.finish(files, endOf(study.status));
      print(`\n${table}\n`);
      print(`${join(folder.path, 'certificate.json')} and ${files.size - 1} more files, in ${duration(seconds())}\n`);
      for (const { title, text } of study.notes!.filter(({ kind }) => kind === 'warning')) print(`${title}: ${text}\n`);
      return bound.optimized.finished ? 0 : 1;
    });
  },
});

/** What an earlier run left, if it is asked for, and where this one leaves the same. */
function keptIn(folder: string, plan: BoundPlan, wanted: boolean): Omit<RunBoundContext, 'run'> {
  const [key, keyOfPrior] = [boundKey(plan), priorKey(plan)];
  const prior = wanted ? loadPrior(folder, keyOfPrior) : undefined;
  const training = wanted ? loadTraining(folder, keyOfPrior) : undefined;
  const resume = wanted ? loadCheckpoint(folder, key) : undefined;
  return {
    ...(resume === undefined ? {} : { resume }),
    ...(prior === undefined ? {} : { prior }),
    ...(training === undefined ? {} : { training }),
    saveTraining: (stopped) => saveTraining(folder, keyOfPrior, stopped),
    savePrior: (weights) => savePrior(folder, keyOfPrior, weights),
    save: (stopped) => saveCheckpoint(folder, { key, ...stopped }),
  };
}
