import { join } from 'node:path';
import { Command, Option } from 'commander';
import { writeNpz } from '@hyperribbon/data';
import { hasCheckpoint, loadCheckpoint, loadPrior, saveCheckpoint, savePrior } from '../bound/boundFiles.js';
import { boundStudy } from '../bound/boundStudy.js';
import { keyOf, planOf, priorKeyOf, type BoundOptions } from '../bound/planOf.js';
import { runBound } from '../bound/runBound.js';
import { runSubspaceBound } from '../bound/runSubspaceBound.js';
import { examplesOption } from '../input/dataSource.js';
import { duration, ProgressLines } from '../output/progressLines.js';
import { stopOnSignal } from '../output/stopOnSignal.js';
import { requireWritableFolder } from '../output/writeFiles.js';
import { writeStudy } from '../output/writeStudy.js';
import { architectureOption, shared } from './sharedOptions.js';

export function boundCommand(setExit: (code: number) => void): Command {
  const command = new Command('bound').description(
    'Optimises a PAC-Bayes bound over Gaussian weights and certifies the error of the random classifier.\n' +
      'Writes certificate.json, posterior.npz, report.json, report.html and the figures as svg; default: binary MNIST.',
  );
  for (const option of examplesOption()) command.addOption(option);
  return command
    .addOption(architectureOption('mlp:relu:600'))
    .option('--model <file>', 'weights (.npz, .safetensors) where the posterior starts; default: the mean of the prior')
    .option('--out <folder>', 'where everything goes', 'hyperribbon-bound')
    .addOption(
      new Option(
        '--method <name>',
        "isotropic: one prior variance (Dziugaite-Roy); layered: one for each layer; method2: noise along the curvature of held-out inputs; method3: along the curvature of the bound's examples, renewed every epoch (dense layers) or their Hessian at the start (convolutional networks); method4: along the curvature of held-out inputs, the prior too",
      ).choices(['isotropic', 'layered', 'method2', 'method3', 'method4']),
    )
    .addOption(
      new Option(
        '--basis <sides>',
        'turn the inputs of the first layer (default for method2, method4), or all sides of dense layers (method3); directions: leading eigenvectors instead of Kronecker factors, as for convolutional networks',
      ).choices(['input', 'full', 'directions']),
    )
    .addOption(
      new Option(
        '--means <coordinates>',
        "method2, method4 of dense layers: take the optimiser's steps in the means in the weights (default) or in the basis",
      ).choices(['weights', 'basis']),
    )
    .addOption(
      new Option('--factors <kind>', 'of the curvature of dense layers: kfra (mean curvature) or kfac (sampled labels)')
        .choices(['kfra', 'kfac'])
        .default('kfra'),
    )
    .addOption(
      new Option('--objective <name>', 'what is minimised; kl follows the certificate itself')
        .choices(['kl', 'quadratic', 'lambda', 'classic', 'bbb', 'dziugaite-roy'])
        .default('kl'),
    )
    .addOption(
      new Option('--surrogate <name>', 'loss that is differentiated')
        .choices(['cross-entropy', 'bounded'])
        .default('cross-entropy'),
    )
    .option(
      '--prior-fraction <share>',
      'train the mean of the prior on this share of the examples; the bound uses the rest',
      '0',
    )
    .option('--prior-epochs <count>', 'passes over them', '20')
    .option('--prior-shift <pixels>', 'move square images by up to so many pixels while the prior is trained', '0')
    .option(
      '--start-epochs <count>',
      "train the posterior's start on the bound's examples first (default 0; 10 for method3 without --model)",
    )
    .option('--epochs <count>', 'passes of the optimisation (default 20; 6 with --quick)')
    .option('--batch-size <count>', 'examples per step', '500')
    .option(
      '--learning-rate <rate>',
      'at the start (default 0.02, 0.005 where whole networks are drawn, 1e-3 with a trained prior); ends at a hundredth',
    )
    .addOption(
      new Option('--optimizer <name>', 'default adam, momentum with a trained prior').choices(['adam', 'momentum']),
    )
    .option(
      '--initial-std <factor>',
      'deviations at the start, as a factor on those of the prior (default 0.5, 0.2 where whole networks are drawn, 1 with a trained prior)',
    )
    .option('--prior-variance <variance>', 'of the prior, at the start (default 1e-3, 1e-4 with a trained prior)')
    .addOption(
      new Option(
        '--prior-scale <how>',
        'grid: choose the variance with the data and pay for it; fixed: keep it (default with a trained prior)',
      ).choices(['grid', 'fixed']),
    )
    .option(
      '--passes <count>',
      'times every example meets fresh weights for the certificate (default 10; 2 with --quick)',
    )
    .option(
      '--directions <count>',
      'leading eigenvectors: how many have a deviation each (default 200; 300 for method4; 40 with --quick)',
    )
    .option(
      '--curvature-examples <count>',
      'leading eigenvectors: examples behind them (default 2000; 1000 for method3; 300 with --quick)',
    )
    .option('--draws <count>', 'leading eigenvectors: networks drawn per step (default 1)')
    .option(
      '--networks <count>',
      'leading eigenvectors: networks drawn for the certificate (default 10000; 1000 with --quick)',
    )
    .option(
      '--examples-per-network <count>',
      'leading eigenvectors: random examples that each of them meets (default 1)',
    )
    .addOption(
      new Option(
        '--initial-variances <rule>',
        "leading eigenvectors: factor: --initial-std times the prior's deviations (default); eigenvalues: as the scripts of Yang and others, |eigenvalue|/3000; analytic: those of the analytic bound",
      ).choices(['factor', 'eigenvalues', 'analytic']),
    )
    .addOption(
      new Option(
        '--fisher <labels>',
        "eigenvectors of method2, method4: labels drawn from the model (default), all of them with their probabilities, or the data's",
      ).choices(['sampled', 'exact', 'empirical']),
    )
    .option('--kl-weight <eta>', 'for --objective bbb', '0.1')
    .option('--delta <delta>', 'failure probability of the bound, beside 0.01 for the draws', '0.025')
    .option('--limit <count>', 'use the first so many training examples only')
    .addOption(shared.seed())
    .option('--random-labels', 'control: replace the labels by random ones; the bound must become vacuous')
    .option('--quick', 'a result within a minute: smaller network, fewer examples and epochs')
    .option('--resume', 'go on from the checkpoint, or the trained prior, in --out')
    .option('--published <value>', 'a published number to show beside the result: "0.161 Dziugaite and Roy 2017"')
    .addHelpText(
      'after',
      `
Ctrl-C stops the optimisation, certifies what there is and leaves a checkpoint for --resume.

Examples:
  hyperribbon bound --quick
  hyperribbon bound --architecture mlp:relu:600,600 --epochs 30
  hyperribbon bound --task digits --architecture mlp:relu:600,600,600 --prior-fraction 0.5 --prior-shift 2
  hyperribbon bound --data points.csv --architecture mlp:tanh:64 --prior-fraction 0.5
  hyperribbon bound --task digits --architecture lenet --method method4 --batch-size 250`,
    )
    .action(async (options: BoundOptions) => {
      const began = performance.now();
      process.stderr.write('hyperribbon bound: reading the data\n');
      const folder = requireWritableFolder(options.out, '--out');
      const plan = await planOf(options);
      const key = keyOf(plan);
      const priorKey = priorKeyOf(plan);
      const prior = options.resume === true ? loadPrior(folder, priorKey) : undefined;
      const resume =
        options.resume === true && (prior === undefined || hasCheckpoint(folder))
          ? loadCheckpoint(folder, key)
          : undefined;
      const progress = new ProgressLines();
      progress.print(
        `${plan.dataset} (${plan.task}): bound on ${plan.train.count - plan.priorCount} examples, ` +
          `${plan.network.name} with ${plan.network.size} weights, ${plan.method}, seed ${plan.seed}`,
      );
      if (resume !== undefined) progress.print(`going on at step ${resume.checkpoint.step}`);
      const controller = new AbortController();
      const release = stopOnSignal(() => controller.abort());
      const run = await (plan.subspace === undefined ? runBound : runSubspaceBound)(plan, {
        progress,
        signal: controller.signal,
        ...(resume === undefined ? {} : { resume }),
        ...(prior === undefined ? {} : { prior }),
        savePrior: (weights) => savePrior(folder, priorKey, weights),
        save: (stopped) => saveCheckpoint(folder, { key, ...stopped }),
      })
        .catch((error: unknown) => {
          if (controller.signal.aborted && error instanceof Error && error.name === 'AbortError') return undefined;
          throw error;
        })
        .finally(release);
      if (run === undefined) {
        progress.print('stopped before there was anything to certify');
        setExit(130);
        return;
      }
      const seconds = (performance.now() - began) / 1000;
      const { table, files } = writeStudy(folder, boundStudy(plan, run, seconds), [
        ['certificate.json', `${JSON.stringify(run.certificate, null, 1)}\n`],
        // stored: equal deviations deflate a thousandfold, which readers rightly refuse
        ['posterior.npz', writeNpz(run.arrays, { compress: false })],
      ]);
      process.stdout.write(`\n${table}\n`);
      process.stdout.write(
        `${join(folder, 'certificate.json')} and ${files.length - 1} more files, in ${duration(seconds)}\n`,
      );
      if (controller.signal.aborted) setExit(130);
      else if (!run.optimized.finished) setExit(1);
    });
}
