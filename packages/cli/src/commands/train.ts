import { Command, Option } from 'commander';
import { writeNpz } from '@hyperribbon/data';
import { parseArchitecture, unflatten, type Network } from '@hyperribbon/nn';
import { percent } from '../output/percent.js';
import { examplesOption, loadSplit, type DataOptions } from '../input/dataSource.js';
import { integerOption, positiveOption } from '../input/integers.js';
import { networkFor } from '../input/networkFor.js';
import { runJob } from '../jobs/runJob.js';
import { ProgressLines } from '../output/progressLines.js';
import { stopOnSignal } from '../output/stopOnSignal.js';
import { requireWritableFile, writeWhole } from '../output/writeFiles.js';
import { shared } from './sharedOptions.js';

interface TrainOptions extends DataOptions {
  readonly architecture: string;
  readonly out: string;
  readonly epochs: string;
  readonly batchSize: string;
  readonly learningRate: string;
  readonly finalRate?: string;
  readonly seed: string;
  readonly dtype: 'float32' | 'float64';
  readonly deterministic: boolean;
}

export function trainCommand(setExit: (code: number) => void): Command {
  const command = new Command('train').description(
    'Trains a network (Adam, cosine schedule, seeded) and writes its weights as npz.',
  );
  for (const option of examplesOption()) command.addOption(option);
  return command
    .addOption(
      new Option(
        '--architecture <text>',
        'mlp:ACTIVATION:HIDDEN,... (input and output widths may be left off) or lenet',
      ).default('mlp:tanh:128'),
    )
    .option('--out <file>', 'where to write the weights', 'weights.npz')
    .option('--epochs <count>', 'passes over the training examples', '10')
    .option('--batch-size <count>', 'examples per step', '500')
    .option('--learning-rate <rate>', 'of Adam at the start', '2e-3')
    .option('--final-rate <rate>', 'of Adam at the end (default: a quarter of the first)')
    .addOption(shared.seed())
    .addOption(shared.dtype())
    .addOption(shared.deterministic())
    .addHelpText(
      'after',
      '\nExample:\n  hyperribbon train --data mnist --task digits --architecture mlp:relu:128 --epochs 5 --out net.npz',
    )
    .action(async (options: TrainOptions) => {
      const out = requireWritableFile(options.out, '--out');
      const seed = integerOption('--seed', options.seed, 0);
      const epochs = integerOption('--epochs', options.epochs, 1);
      const batchSize = integerOption('--batch-size', options.batchSize, 1);
      const from = positiveOption('--learning-rate', options.learningRate);
      const to = options.finalRate === undefined ? from / 4 : positiveOption('--final-rate', options.finalRate);
      const progress = new ProgressLines();
      const { dataset, train, test } = await loadSplit(options, seed);
      const network: Network = networkFor(options.architecture, train);
      const controller = new AbortController();
      const release = stopOnSignal(() => controller.abort());
      const step = progress.start(`training ${network.name} on ${dataset}, ${train.count} examples`);
      const result = await runJob(
        {
          kind: 'train',
          architecture: parseArchitecture(network.name).name,
          train,
          test,
          epochs,
          batchSize,
          learningRate: { from, to },
          seed,
          dtype: options.dtype,
          deterministic: options.deterministic,
        },
        { signal: controller.signal, report: (fraction, detail) => step.update({ fraction, detail }) },
      ).finally(release);
      const found = `error ${percent(result.final.trainError)} on training, ${percent(result.final.testError)} on test examples`;
      if (result.finished) step.done(found);
      else step.stopped(`${result.reason}; ${found}`);
      const arrays = unflatten(network, result.params);
      writeWhole(
        out,
        writeNpz(new Map(network.parameters.map(({ name, shape }) => [name, { shape, data: arrays[name] }]))),
      );
      process.stdout.write(`${out}\n`);
      if (controller.signal.aborted) setExit(130);
      else if (!result.finished) setExit(1);
    });
}
