import { join } from 'node:path';
import { Command } from 'commander';
import { examplesIdentity } from '@hyperribbon/data';
import type { Study } from '@hyperribbon/report';
import type { Examples } from '@hyperribbon/nn';
import { examplesOption, loadSplit, type DataOptions } from '../input/dataSource.js';
import { integerOption } from '../input/integers.js';
import { rows } from '../input/splits.js';
import { shareExamples } from '../jobs/shareExamples.js';
import { WorkerPool } from '../jobs/workerPool.js';
import { duration, ProgressLines } from '../output/progressLines.js';
import { stopOnSignal } from '../output/stopOnSignal.js';
import { requireWritableFolder } from '../output/writeFiles.js';
import { writeStudy } from '../output/writeStudy.js';
import { ensemble } from '../ribbon/configuration.js';
import { inputScale, requireStudiable, scaled, sideBySide } from '../ribbon/samples.js';
import type { RibbonPlan } from '../ribbon/ribbonPlan.js';
import { runRibbon } from '../ribbon/runRibbon.js';
import { shared } from './sharedOptions.js';

interface RibbonOptions extends DataOptions {
  readonly out: string;
  readonly runs?: string;
  readonly quick?: boolean;
  readonly seeds?: string;
  readonly epochs?: string;
  readonly trainExamples?: string;
  readonly samples?: string;
  readonly regressionRuns?: string;
  readonly regressionSteps?: string;
  readonly workers: string;
  readonly seed: string;
  readonly deterministic: boolean;
}

/** What --quick makes smaller. */
const sizes = {
  whole: {
    seeds: '4',
    epochs: '26',
    trainExamples: '5000',
    samples: '1000',
    runs: '200',
    steps: '200',
    phasePoints: 40,
  },
  quick: { seeds: '2', epochs: '10', trainExamples: '1500', samples: '400', runs: '80', steps: '100', phasePoints: 20 },
};

export function ribbonCommand(setExit: (code: number) => void): Command {
  const command = new Command('ribbon').description(
    'How low-dimensional is training? Trains an ensemble of linear and nonlinear networks, maps their trajectories (InPCA), and ' +
      'compares with what linear regression predicts from the input spectrum. Writes report.html, report.json and the figures as svg.',
  );
  for (const option of examplesOption()) command.addOption(option);
  const { whole, quick } = sizes;
  return command
    .option('--out <folder>', 'where the report goes', 'hyperribbon-ribbon')
    .option('--runs <folder>', 'where the runs of the ensemble are kept (default: OUT/runs)')
    .option('--quick', 'a first look in half a minute: fewer and shorter runs')
    .option('--seeds <count>', `seeds of each configuration (default: ${whole.seeds}, quick ${quick.seeds})`)
    .option('--epochs <count>', `passes over the training examples (default: ${whole.epochs}, quick ${quick.epochs})`)
    .option(
      '--train-examples <count>',
      `examples that everything is trained on (default: ${whole.trainExamples}, quick ${quick.trainExamples})`,
    )
    .option(
      '--samples <count>',
      `samples on which predictions are recorded, half of them test examples (default: ${whole.samples}, quick ${quick.samples})`,
    )
    .option(
      '--regression-runs <count>',
      `simulated runs of linear regression (default: ${whole.runs}, quick ${quick.runs})`,
    )
    .option('--regression-steps <count>', `their gradient steps (default: ${whole.steps}, quick ${quick.steps})`)
    .addOption(shared.seed())
    .addOption(shared.deterministic())
    .option('--workers <count>', 'threads', '2')
    .addHelpText(
      'after',
      `
Runs are kept: the same command again goes on where a stopped one ended, and more seeds use the runs that are there.
Ctrl-C writes a report of what is done so far.

Examples:
  hyperribbon ribbon
  hyperribbon ribbon --quick
  hyperribbon ribbon --data points.csv --train-examples 2000 --out points`,
    )
    .action(async (options: RibbonOptions) => {
      const began = performance.now();
      process.stderr.write('hyperribbon ribbon: reading the data\n');
      const folder = requireWritableFolder(options.out, '--out');
      const plan = await planOf(options, folder);
      const progress = new ProgressLines();
      progress.print(
        `${plan.dataset} (${plan.task}): ${plan.configurations.length} configurations × ${plan.seeds.length} seeds, ${plan.epochs} epochs of ` +
          `${plan.train.count} examples, ${plan.samples.count} samples`,
      );
      const pool = new WorkerPool(plan.workers);
      let stopped = false;
      const release = stopOnSignal(() => {
        stopped = true;
        pool.stop();
      });
      let study: Study;
      try {
        study = await runRibbon(plan, pool, progress, () => stopped);
      } finally {
        release();
        await pool.close();
      }
      const { table, files } = writeStudy(folder, study);
      process.stdout.write(`\n${table}\n\n`);
      process.stdout.write(
        `${files[0]} and ${files.length - 1} more files, in ${duration((performance.now() - began) / 1000)}\n`,
      );
      if (stopped) setExit(130);
      else if (!study.status.complete) setExit(1);
    });
}

async function planOf(options: RibbonOptions, folder: string): Promise<RibbonPlan> {
  const defaults = options.quick === true ? sizes.quick : sizes.whole;
  const seed = integerOption('--seed', options.seed, 0, 2 ** 31 - 1000);
  const seeds = integerOption('--seeds', options.seeds ?? defaults.seeds, 1, 1000);
  const epochs = integerOption('--epochs', options.epochs ?? defaults.epochs, 1, 100_000);
  const trainExamples = integerOption('--train-examples', options.trainExamples ?? defaults.trainExamples, 2);
  const samples = integerOption('--samples', options.samples ?? defaults.samples, 2);
  const runs = integerOption('--regression-runs', options.regressionRuns ?? defaults.runs, 2);
  const steps = integerOption('--regression-steps', options.regressionSteps ?? defaults.steps, 2);
  const workers = integerOption('--workers', options.workers, 1, 64);
  const runsFolder = requireWritableFolder(options.runs ?? join(folder, 'runs'), '--runs');
  const split = await loadSplit({ task: 'digits', ...options }, seed);
  const scale = inputScale(split.train);
  const train = head(split.train, trainExamples);
  requireStudiable(train);
  const half = Math.floor(samples / 2);
  const seen = head(train, half);
  const unseen = head(split.test, samples - half);
  return {
    dataset: split.dataset,
    task: split.task,
    trainCount: split.train.count,
    testCount: split.test.count,
    train: shareExamples(scaled(train, scale)),
    trainIdentity: examplesIdentity(train),
    samples: shareExamples(scaled(sideBySide(seen, unseen), scale)),
    samplesIdentity: `${examplesIdentity(seen)} ${examplesIdentity(unseen)}`,
    trainSamples: seen.count,
    inputScale: scale,
    configurations: ensemble(train.features, train.classes, options.quick === true),
    seeds: Array.from({ length: seeds }, (_, i) => seed + i),
    epochs,
    regression: { runs, steps, groups: Math.min(8, Math.max(2, Math.floor(runs / 2))) },
    phasePoints: defaults.phasePoints,
    seed,
    deterministic: options.deterministic,
    workers,
    runsFolder,
    commandLine: ['hyperribbon', ...process.argv.slice(2)].join(' '),
    quick: options.quick === true,
  };
}

/** The first `count` examples, or all. */
function head(examples: Examples, count: number): Examples {
  return rows(examples, 0, Math.min(count, examples.count));
}
