import { join } from 'node:path';
import { Command, Option } from 'commander';
import type { PosteriorConvention } from '@hyperribbon/pac-bayes';
import type { Study } from '@hyperribbon/report';
import type { AnalysisPlan } from '../analysis/plan.js';
import { runAnalysis } from '../analysis/runAnalysis.js';
import { examplesOption, loadSplit, type DataOptions } from '../input/dataSource.js';
import { integerOption, positiveOption } from '../input/integers.js';
import { loadModel } from '../input/modelSource.js';
import { networkFor } from '../input/networkFor.js';
import { shareExamples } from '../jobs/shareExamples.js';
import { WorkerPool } from '../jobs/workerPool.js';
import { duration, ProgressLines } from '../output/progressLines.js';
import { stopOnSignal } from '../output/stopOnSignal.js';
import { requireWritableFolder } from '../output/writeFiles.js';
import { writeStudy } from '../output/writeStudy.js';
import { architectureOption, shared } from './sharedOptions.js';

interface AnalyzeOptions extends DataOptions {
  readonly architecture: string;
  readonly model?: string;
  readonly out: string;
  readonly epochs: string;
  readonly batchSize: string;
  readonly decay: string;
  readonly inputExamples: string;
  readonly curvatureExamples: string;
  readonly top: string;
  readonly stiffDirections: string;
  readonly densitySteps: string;
  readonly densityProbes: string;
  readonly draws: string;
  readonly examplesPerDraw: string;
  readonly delta: string;
  readonly convention: PosteriorConvention;
  readonly workers: string;
  readonly seed: string;
  readonly dtype: 'float32' | 'float64';
  readonly deterministic: boolean;
}

export function analyzeCommand(setExit: (code: number) => void): Command {
  const command = new Command('analyze').description(
    'From a data set and a network to spectra, effective dimension and a certified generalisation bound.\n' +
      'Writes report.html, report.json, certificate.json, posterior.npz and the figures as svg; default: binary MNIST.',
  );
  for (const option of examplesOption()) command.addOption(option);
  return command
    .addOption(architectureOption('mlp:tanh:128'))
    .option(
      '--model <file>',
      'analyse these weights (.npz, .safetensors) instead of training; they must fit --architecture',
    )
    .option('--out <folder>', 'where the report goes', 'hyperribbon-report')
    .addOption(shared.seed())
    .addOption(shared.dtype())
    .addOption(shared.deterministic())
    .option('--workers <count>', 'threads', '2')
    .option('--epochs <count>', 'passes over the training examples, in each of the two runs', '10')
    .option('--batch-size <count>', 'examples per step', '500')
    .option('--decay <factor>', 'pull towards the start in the second run: g = factor × learning rate', '1.2')
    .option('--input-examples <count>', 'examples behind the input spectrum', '10000')
    .option('--curvature-examples <count>', 'examples behind Hessian, Gauss-Newton and Fisher matrix', '2048')
    .option('--top <k>', 'eigenvalues of each of them', '30')
    .option('--stiff-directions <k>', 'Hessian eigenvectors that shape the posterior of the bound', '100')
    .option('--density-steps <count>', 'Lanczos steps per probe of the spectral densities', '40')
    .option('--density-probes <count>', 'random probes of the spectral densities', '4')
    .option('--draws <count>', 'posterior draws that certify the bound', '2000')
    .option('--examples-per-draw <count>', 'random examples that each draw meets', '250')
    .option('--delta <delta>', 'failure probability of the bound, beside 0.01 for the draws', '0.025')
    .addOption(
      new Option(
        '--convention <factor>',
        "of the Hessian in the precision of the posterior: derived here, or that of the authors' notebook",
      )
        .choices(['2(n-1)', '4(n-1)/ln2'])
        .default('2(n-1)'),
    )
    .addHelpText(
      'after',
      `
Ctrl-C writes a report of what is done so far.

Examples:
  hyperribbon analyze
  hyperribbon analyze --task digits --architecture mlp:relu:256,128 --seed 3 --out digits
  hyperribbon analyze --data points.csv --architecture mlp:tanh:64 --epochs 50`,
    )
    .action(async (options: AnalyzeOptions) => {
      const began = performance.now();
      process.stderr.write('hyperribbon analyze: reading the data\n');
      const folder = requireWritableFolder(options.out, '--out');
      const plan = await planOf(options);
      const progress = new ProgressLines();
      progress.print(
        `${plan.dataset} (${plan.task}): ${plan.train.count} training and ${plan.test.count} test examples, ` +
          `${plan.network.name} with ${plan.network.size} weights, seed ${plan.seed}`,
      );
      const pool = new WorkerPool(plan.workers);
      let stopped = false;
      const release = stopOnSignal(() => {
        stopped = true;
        pool.stop();
      });
      const attachments = new Map<string, string | Uint8Array>();
      let analysis: Study;
      try {
        analysis = await runAnalysis(plan, pool, progress, () => stopped, attachments);
      } finally {
        release();
        await pool.close();
      }
      const { table, files } = writeStudy(folder, analysis, attachments);
      process.stdout.write(`\n${table}\n`);
      process.stdout.write(
        `${files[0]} and ${files.length - 1} more files, in ${duration((performance.now() - began) / 1000)}\n`,
      );
      if (attachments.has('certificate.json'))
        process.stdout.write(`check the bound: hyperribbon verify ${verifyArguments(options)}\n`);
      if (stopped) setExit(130);
    });
}

/** What draws from the posterior again. */
function verifyArguments({ out, data, inputs, labels }: AnalyzeOptions): string {
  const source = inputs === undefined ? ['--data', data ?? 'mnist'] : ['--inputs', inputs];
  const given = labels === undefined ? source : [...source, '--labels', labels];
  return [join(out, 'certificate.json'), '--model', join(out, 'posterior.npz'), ...given].join(' ');
}

async function planOf(options: AnalyzeOptions): Promise<AnalysisPlan> {
  const seed = integerOption('--seed', options.seed, 0);
  const split = await loadSplit(options, seed);
  const train = shareExamples(split.train);
  const test = shareExamples(split.test);
  const loaded =
    options.model === undefined ? undefined : await loadModel(options.model, options.architecture, options.dtype);
  const network = networkFor(loaded?.network.name ?? options.architecture, train);
  const delta = positiveOption('--delta', options.delta);
  return {
    ...split,
    train,
    test,
    network,
    ...(loaded ? { weights: loaded.model.params } : {}),
    seed,
    dtype: options.dtype,
    deterministic: options.deterministic,
    workers: integerOption('--workers', options.workers, 1, 64),
    commandLine: ['hyperribbon', ...process.argv.slice(2)].join(' '),
    epochs: integerOption('--epochs', options.epochs, 1),
    batchSize: integerOption('--batch-size', options.batchSize, 1),
    decayFactor: positiveOption('--decay', options.decay),
    inputExamples: integerOption('--input-examples', options.inputExamples, 1),
    curvatureExamples: integerOption('--curvature-examples', options.curvatureExamples, 1),
    top: integerOption('--top', options.top, 1),
    stiffDirections: integerOption('--stiff-directions', options.stiffDirections, 1),
    density: {
      steps: integerOption('--density-steps', options.densitySteps, 2),
      probes: integerOption('--density-probes', options.densityProbes, 2),
    },
    draws: integerOption('--draws', options.draws, 1),
    examplesPerDraw: integerOption('--examples-per-draw', options.examplesPerDraw, 1),
    delta,
    convention: options.convention,
    deltaMonteCarlo: 0.01,
  };
}
