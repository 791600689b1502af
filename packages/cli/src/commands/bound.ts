import { join } from 'node:path';
import { Command, Option } from 'commander';
import { examplesIdentity, mnist, writeNpz } from '@hyperribbon/data';
import type { Examples } from '@hyperribbon/nn';
import type { ObjectiveName } from '@hyperribbon/pac-bayes/networks';
import { networkBoundTable, renderNetworkBound, renderNetworkBoundFigures } from '@hyperribbon/report';
import { stream } from '@hyperribbon/random';
import { loadCheckpoint, saveCheckpoint } from '../bound/boundFiles.js';
import type { BoundMethod, BoundPlan } from '../bound/boundPlan.js';
import { boundStudy } from '../bound/boundStudy.js';
import { runBound } from '../bound/runBound.js';
import { imageSide } from '../bound/shiftedImages.js';
import { examplesOption, loadNamed, loadSplit, type DataOptions } from '../input/dataSource.js';
import { integerOption, positiveOption } from '../input/integers.js';
import { loadModel } from '../input/modelSource.js';
import { networkFor } from '../input/networkFor.js';
import { join as joinExamples, rows } from '../input/splits.js';
import { duration, ProgressLines } from '../output/progressLines.js';
import { stopOnSignal } from '../output/stopOnSignal.js';
import { requireWritableFolder, writeWhole } from '../output/writeFiles.js';
import { UsageError } from '../usageError.js';
import { shared } from './sharedOptions.js';

interface BoundOptions extends DataOptions {
  readonly architecture: string;
  readonly model?: string;
  readonly out: string;
  readonly method: BoundMethod;
  readonly basis: 'input' | 'full';
  readonly objective: ObjectiveName;
  readonly surrogate: 'cross-entropy' | 'bounded';
  readonly priorFraction: string;
  readonly priorEpochs: string;
  readonly priorShift: string;
  readonly epochs?: string;
  readonly batchSize: string;
  readonly learningRate?: string;
  readonly optimizer?: 'adam' | 'momentum';
  readonly priorScale?: 'grid' | 'fixed';
  readonly initialStd?: string;
  readonly priorVariance?: string;
  readonly passes?: string;
  readonly klWeight: string;
  readonly delta: string;
  readonly limit?: string;
  readonly seed: string;
  readonly quick?: boolean;
  readonly resume?: boolean;
  readonly randomLabels?: boolean;
  readonly published?: string;
}

export function boundCommand(setExit: (code: number) => void): Command {
  const command = new Command('bound').description(
    'Optimises a PAC-Bayes bound over Gaussian weights and certifies the error of the random classifier.\n' +
      'Writes certificate.json, posterior.npz, bound.json, report.html and the figures as svg; default: binary MNIST.',
  );
  for (const option of examplesOption()) command.addOption(option);
  return command
    .addOption(
      new Option(
        '--architecture <text>',
        'mlp:ACTIVATION:HIDDEN,... (input and output widths may be left off) or lenet',
      ).default('mlp:relu:600'),
    )
    .option('--model <file>', 'weights (.npz, .safetensors) where the posterior starts; default: the mean of the prior')
    .option('--out <folder>', 'where everything goes', 'hyperribbon-bound')
    .addOption(
      new Option(
        '--method <name>',
        'isotropic: one prior variance (Dziugaite-Roy); layered: one for each layer; method2: noise along the curvature of held-out inputs; method4: the prior too',
      ).choices(['isotropic', 'layered', 'method2', 'method4']),
    )
    .addOption(
      new Option('--basis <sides>', 'for method2, method4: turn the inputs of the first layer, or all sides')
        .choices(['input', 'full'])
        .default('input'),
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
    .option('--epochs <count>', 'passes of the optimisation (default 20; 3 with --quick)')
    .option('--batch-size <count>', 'examples per step', '500')
    .option('--learning-rate <rate>', 'at the start (default 0.02, 1e-3 with a trained prior); ends at a hundredth')
    .addOption(
      new Option('--optimizer <name>', 'default adam, momentum with a trained prior').choices(['adam', 'momentum']),
    )
    .option(
      '--initial-std <factor>',
      'deviations at the start, as a factor on those of the prior (default 0.5, 1 with a trained prior)',
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
    .option('--kl-weight <eta>', 'for --objective bbb', '0.1')
    .option('--delta <delta>', 'failure probability of the bound, beside 0.01 for the draws', '0.025')
    .option('--limit <count>', 'use the first so many training examples only')
    .addOption(shared.seed())
    .option('--random-labels', 'control: replace the labels by random ones; the bound must become vacuous')
    .option('--quick', 'a result within a minute: smaller network, fewer examples and epochs')
    .option('--resume', 'go on from the checkpoint in --out')
    .option('--published <value>', 'a published number to show beside the result: "0.161 Dziugaite and Roy 2017"')
    .addHelpText(
      'after',
      `
Ctrl-C stops the optimisation, certifies what there is and leaves a checkpoint for --resume.

Examples:
  hyperribbon bound --quick
  hyperribbon bound --architecture mlp:relu:600,600 --epochs 30
  hyperribbon bound --task digits --architecture mlp:relu:600,600,600 --prior-fraction 0.5 --prior-shift 2
  hyperribbon bound --data points.csv --architecture mlp:tanh:64 --prior-fraction 0.5`,
    )
    .action(async (options: BoundOptions) => {
      const began = performance.now();
      process.stderr.write('hyperribbon bound: reading the data\n');
      const folder = requireWritableFolder(options.out, '--out');
      const plan = await planOf(options);
      const key = keyOf(plan);
      const resume = options.resume === true ? loadCheckpoint(folder, key) : undefined;
      const progress = new ProgressLines();
      progress.print(
        `${plan.dataset} (${plan.task}): bound on ${plan.train.count - plan.priorCount} examples, ` +
          `${plan.network.name} with ${plan.network.size} weights, ${plan.method}, seed ${plan.seed}`,
      );
      const controller = new AbortController();
      const release = stopOnSignal(() => controller.abort());
      const run = await runBound(plan, {
        progress,
        signal: controller.signal,
        ...(resume === undefined ? {} : { resume }),
        save: (stopped) => saveCheckpoint(folder, { key, ...stopped }),
      }).finally(release);
      const study = boundStudy(plan, run, new Date().toISOString());
      const files: [string, string | Uint8Array][] = [
        ['certificate.json', `${JSON.stringify(run.certificate, null, 1)}\n`],
        ['posterior.npz', writeNpz(run.arrays)],
        ['bound.json', `${JSON.stringify(study, null, 1)}\n`],
        ['report.html', renderNetworkBound(study)],
        ...Object.entries(renderNetworkBoundFigures(study)).map(([name, svg]): [string, string] => [
          `${name}.svg`,
          svg,
        ]),
      ];
      for (const [name, content] of files) writeWhole(join(folder, name), content);
      process.stdout.write(`\n${networkBoundTable(study)}\n`);
      process.stdout.write(
        `${join(folder, 'certificate.json')} and ${files.length - 1} more files, in ${duration((performance.now() - began) / 1000)}\n`,
      );
      if (controller.signal.aborted) setExit(130);
      else if (!run.optimized.finished) setExit(1);
    });
}

async function planOf(options: BoundOptions): Promise<BoundPlan> {
  const seed = integerOption('--seed', options.seed, 0);
  const quick = options.quick === true;
  const fraction = shareOption('--prior-fraction', options.priorFraction);
  const learnt = fraction > 0;
  const data = await loadData(options, seed, learnt);
  const architecture = quick && options.architecture === 'mlp:relu:600' ? 'mlp:relu:100' : options.architecture;
  const limit =
    options.limit === undefined ? (quick ? 20_000 : data.train.count) : integerOption('--limit', options.limit, 20);
  const limited = rows(data.train, 0, Math.min(limit, data.train.count));
  const randomLabels = options.randomLabels === true;
  const train = randomLabels ? withRandomLabels(limited, seed) : limited;
  const network = networkFor(architecture, train);
  const priorCount = Math.floor(fraction * train.count);
  if (train.count - priorCount < 8) {
    throw new UsageError(
      `--prior-fraction: ${options.priorFraction} leaves ${train.count - priorCount} examples for the bound; it needs 8`,
    );
  }
  const dense = network.dense !== undefined;
  const method = options.method ?? (dense && !learnt ? 'method4' : 'isotropic');
  const fixedScale = (options.priorScale ?? (learnt ? 'fixed' : 'grid')) === 'fixed';
  if (fixedScale && method === 'method4') {
    throw new UsageError('--prior-scale: method4 has scales of its own, which are on grids');
  }
  if (!dense && (method === 'method2' || method === 'method4')) {
    throw new UsageError(
      `--method: ${method} needs a network of dense layers, ${network.name} takes isotropic or layered`,
    );
  }
  const heldOut = learnt
    ? { name: 'prior', examples: rows(train, 0, Math.min(priorCount, 5000)), from: 0 }
    : data.heldOut;
  if (heldOut === undefined && (method === 'method2' || method === 'method4')) {
    throw new UsageError(`--method: ${method} needs inputs beside the bound's examples`);
  }
  const start =
    options.model === undefined ? undefined : (await loadModel(options.model, network.name, 'float32')).model.params;
  const rate = positiveOption('--learning-rate', options.learningRate ?? (learnt ? '1e-3' : '0.02'));
  const shift = integerOption('--prior-shift', options.priorShift, 0, 8);
  if (shift > 0) imageSide(train.features);
  return {
    dataset: data.dataset,
    task: data.task,
    datasetIdentity: data.identity,
    indicesOf: data.indicesOf,
    train,
    priorCount,
    heldOut,
    test: data.test,
    network,
    ...(start === undefined ? {} : { start: Float32Array.from(start), startFile: options.model! }),
    method,
    basis: options.basis,
    objective: options.objective,
    surrogate: options.surrogate,
    epochs: integerOption('--epochs', options.epochs ?? (quick ? '6' : '20'), 0),
    batchSize: integerOption('--batch-size', options.batchSize, 1),
    learningRate: { from: rate, to: rate / 100 },
    optimizer: options.optimizer ?? (learnt ? 'momentum' : 'adam'),
    fixedScale,
    initialStd: positiveOption('--initial-std', options.initialStd ?? (learnt ? '1' : '0.5')),
    priorVariance: positiveOption('--prior-variance', options.priorVariance ?? (learnt ? '1e-4' : '1e-3')),
    priorEpochs: integerOption('--prior-epochs', options.priorEpochs, 0),
    priorRate: { from: 1e-3, to: 1e-5 },
    priorShift: shift,
    passes: integerOption('--passes', options.passes ?? (quick ? '2' : '10'), 1),
    delta: deltaOption(options.delta),
    deltaMonteCarlo: 0.01,
    klWeight: positiveOption('--kl-weight', options.klWeight),
    seed,
    randomLabels,
    commandLine: ['hyperribbon', ...process.argv.slice(2)].join(' '),
    ...(options.published === undefined ? {} : { published: publishedOption(options.published) }),
  };
}

interface Data {
  readonly dataset: string;
  readonly task: string;
  readonly identity: string;
  readonly indicesOf: BoundPlan['indicesOf'];
  readonly train: Examples;
  readonly heldOut?: BoundPlan['heldOut'];
  readonly test: Examples;
}

/**
 * MNIST: the first 55,000 training images for the bound and the last 5,000 held out, or all 60,000 where a prior is trained on a
 * part. Other data: a sixth for testing, and an eleventh of the rest held out where no prior is trained.
 */
async function loadData(options: DataOptions, seed: number, learnt: boolean): Promise<Data> {
  if (options.inputs === undefined && (options.data ?? 'mnist') === 'mnist') {
    const task = options.task ?? 'binary';
    const { train, prior, test } = await mnist({ task });
    const named = {
      dataset: 'MNIST',
      task: task === 'binary' ? 'digits 0-4 against 5-9' : 'ten digits',
      test,
      indicesOf: range,
    };
    const whole = joinExamples(train, prior);
    const identity = examplesIdentity(whole);
    if (learnt) return { ...named, identity, train: whole };
    return { ...named, identity, train, heldOut: { name: 'held-out', examples: prior, from: train.count } };
  }
  const { examples } = await loadNamed(options);
  const { dataset, task, train, test } = await loadSplit(options, seed);
  const identity = examplesIdentity(examples);
  // `holdOut` takes the test examples from the front of a seeded order of all
  const indicesOf: BoundPlan['indicesOf'] = (from, to) => {
    const of = examples.count;
    return {
      kind: 'permutation',
      seed,
      purpose: 'hold-out',
      index: 0,
      of,
      from: test.count + from,
      to: test.count + to,
    };
  };
  if (learnt) return { dataset, task, identity, indicesOf, train, test };
  const kept = train.count - Math.max(1, Math.round(train.count / 11));
  return {
    dataset,
    task,
    identity,
    indicesOf,
    train: rows(train, 0, kept),
    heldOut: { name: 'held-out', examples: rows(train, kept, train.count), from: kept },
    test,
  };
}

const range: BoundPlan['indicesOf'] = (from, to) => ({ kind: 'ranges', ranges: [[from, to]] });

function withRandomLabels(examples: Examples, seed: number): Examples {
  const random = stream({ seed, purpose: 'random-labels' });
  return { ...examples, labels: examples.labels.map(() => random.integer(examples.classes)) };
}

/** What must agree for a checkpoint to be of the same run. */
function keyOf(plan: BoundPlan): string {
  const { network, method, basis, objective, surrogate, epochs, batchSize, learningRate, seed, priorCount } = plan;
  const {
    optimizer,
    fixedScale,
    initialStd,
    priorVariance,
    priorEpochs,
    priorShift,
    delta,
    klWeight,
    randomLabels,
    datasetIdentity,
  } = plan;
  return JSON.stringify([
    datasetIdentity,
    plan.train.count,
    network.name,
    method,
    basis,
    objective,
    surrogate,
    epochs,
    batchSize,
    learningRate,
    seed,
    priorCount,
    optimizer,
    fixedScale,
    initialStd,
    priorVariance,
    priorEpochs,
    priorShift,
    delta,
    klWeight,
    randomLabels,
    plan.startFile ?? null,
  ]);
}

function shareOption(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value < 1)) {
    throw new UsageError(`${option}: must be in [0, 1), got "${text}"`);
  }
  return value;
}

function deltaOption(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 0.99)) throw new UsageError(`--delta: must be in (0, 0.99), got "${text}"`);
  return value;
}

function publishedOption(text: string): { value: number; source: string } {
  const [, number, source] = /^([\d.]+)\s+(.+)$/.exec(text) ?? [];
  if (number === undefined || !Number.isFinite(Number(number))) {
    throw new UsageError(`--published: expected a number and its source, got "${text}"`);
  }
  return { value: Number(number), source };
}
