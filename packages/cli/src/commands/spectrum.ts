import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import { examplesOption, loadExamples, type DataOptions } from '../input/dataSource.js';
import { integerOption, positiveOption } from '../input/integers.js';
import { loadModel } from '../input/modelSource.js';
import { runJob } from '../jobs/runJob.js';
import { curvatureNames, type CurvatureName } from '@hyperribbon/landscape';
import type { SpectrumJob, SpectrumResult } from '../jobs/spectrum.js';
import { jsonNumbers } from '../output/jsonNumbers.js';
import { ProgressLines } from '../output/progressLines.js';
import { spectrumTable } from '../output/spectrumTable.js';
import { stopOnSignal } from '../output/stopOnSignal.js';
import { requireWritableFile, writeWhole } from '../output/writeFiles.js';
import { shared } from './sharedOptions.js';
import { UsageError } from '../usageError.js';

interface SpectrumOptions extends DataOptions {
  readonly model: string;
  readonly architecture: string;
  readonly operator: CurvatureName;
  readonly top?: string;
  readonly full?: boolean;
  readonly which: NonNullable<SpectrumJob['which']>;
  readonly dtype: 'float32' | 'float64';
  readonly tol?: string;
  readonly seed: string;
  readonly maxProducts?: string;
  readonly workers: string;
  readonly deterministic: boolean;
  readonly json?: string;
}

/** Residuals relative to the norm of the operator that each arithmetic reaches with ease. */
const defaultTolerance = { float32: 1e-5, float64: 1e-10 };

export function spectrumCommand(setExit: (code: number) => void): Command {
  const command = new Command('spectrum')
    .description('Eigenvalues of the Hessian, Gauss-Newton or Fisher matrix of a trained network, without forming it.')
    .requiredOption(
      '--model <file>',
      'weights: .npz or .safetensors; W1, b1, ... with W of shape (in, out), or conv1.weight, fc1.weight, ...',
    )
    .requiredOption('--architecture <kind>', 'mlp:tanh | mlp:relu | mlp:sigmoid | lenet; widths come from the arrays')
    .addOption(new Option('--operator <name>', 'matrix').choices(curvatureNames).default('hessian'))
    .addOption(new Option('--top <k>', 'how many eigenvalues (default: 10)').conflicts('full'))
    .option('--full', 'all of them: forms the matrix, for networks of a few thousand weights')
    .addOption(
      new Option('--which <end>', 'largest (LA), smallest (SA), largest magnitude (LM), both ends (BE)')
        .choices(['LA', 'SA', 'LM', 'BE'])
        .default('LA'),
    );
  for (const option of examplesOption()) command.addOption(option);
  return command
    .addOption(shared.dtype())
    .option(
      '--tol <number>',
      'residual norm relative to the norm of the matrix (default: 1e-5 for float32, 1e-10 for float64)',
    )
    .addOption(shared.seed())
    .addOption(shared.deterministic())
    .option(
      '--workers <count>',
      'threads that share the examples, about 1,000 each at least; the result does not depend on it',
      String(availableParallelism()),
    )
    .option('--max-products <count>', 'stop after so many products, with what is there')
    .option('--json <file>', 'write values, residual norms, reason, loss and gradient norm')
    .addHelpText(
      'after',
      `
The loss is the mean softmax cross-entropy in nats. "fisher" draws one label per example from the model (seeded);
for softmax cross-entropy the exact Fisher matrix is the Gauss-Newton matrix, "ggn".

Example:
  hyperribbon spectrum --model net.npz --architecture mlp:tanh --data mnist:train:0:2048 --top 12 --json out.json`,
    )
    .action(async (options: SpectrumOptions) => {
      const json = options.json === undefined ? undefined : requireWritableFile(options.json, '--json');
      const seed = integerOption('--seed', options.seed, 0);
      const top = options.top === undefined ? 10 : integerOption('--top', options.top, 1);
      const tol = options.tol === undefined ? defaultTolerance[options.dtype] : positiveOption('--tol', options.tol);
      const progress = new ProgressLines();
      const { model, network } = await loadModel(options.model, options.architecture, options.dtype);
      const examples = await loadExamples(options, network);
      if (options.full !== true && top > network.size) {
        throw new UsageError(
          `--top: the network has ${network.size} weights, so at most ${network.size} eigenvalues, got ${top}`,
        );
      }
      const job: SpectrumJob = {
        kind: 'spectrum',
        model,
        examples,
        operator: options.operator,
        count: options.full === true ? 'all' : top,
        which: options.which,
        dtype: options.dtype,
        tol,
        seed,
        deterministic: options.deterministic,
        vectors: false,
        workers: integerOption('--workers', options.workers, 1, 64),
        ...(options.maxProducts === undefined
          ? {}
          : { maxMatvecs: integerOption('--max-products', options.maxProducts, 1) }),
      };
      const controller = new AbortController();
      const release = stopOnSignal(() => controller.abort());
      const step = progress.start(`${options.operator} of ${network.name}, ${examples.count} examples`);
      let result: SpectrumResult;
      try {
        result = await runJob(job, {
          signal: controller.signal,
          report: (fraction, detail) => step.update({ fraction, detail }),
        });
      } finally {
        release();
      }
      const summary = `${result.values.length} eigenvalues, ${result.matvecs} products, ${result.reason}`;
      if (result.converged) step.done(summary);
      else step.stopped(summary);
      process.stdout.write(spectrumTable(result));
      if (json !== undefined)
        writeWhole(json, `${JSON.stringify(spectrumJson(options, network.name, examples.count, result), null, 1)}\n`);
      if (controller.signal.aborted) setExit(130);
    });
}

function spectrumJson(
  options: SpectrumOptions,
  architecture: string,
  examples: number,
  result: SpectrumResult,
): object {
  return {
    schema: 'hyperribbon/spectrum',
    version: 1,
    operator: options.operator,
    architecture,
    examples,
    dtype: options.dtype,
    which: options.full === true ? 'all' : options.which,
    values: jsonNumbers(result.values),
    residualNorms: jsonNumbers(result.residualNorms),
    converged: result.converged,
    reason: result.reason,
    matvecs: result.matvecs,
    seed: result.seed,
    loss: result.loss,
    gradientNorm: result.gradientNorm,
    noiseFloor: result.noiseFloor,
    kernels: result.kernels,
  };
}
