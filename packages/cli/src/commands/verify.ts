import { Command } from 'commander';
import { parseCertificate, verifyCertificate, type Verification } from '@hyperribbon/pac-bayes';
import { examplesOption, type DataOptions } from '../input/dataSource.js';
import { integerOption, positiveOption } from '../input/integers.js';
import { ProgressLines } from '../output/progressLines.js';
import { stopOnSignal } from '../output/stopOnSignal.js';
import { colorsFor } from '../output/colors.js';
import { verificationText } from '../output/verificationText.js';
import { UsageError } from '../usageError.js';
import { boundExamples } from '../verify/boundExamples.js';
import { readCertificate } from '../verify/readCertificate.js';
import { loadPosterior } from '../verify/loadPosterior.js';

interface VerifyCommandOptions extends DataOptions {
  readonly model?: string;
  readonly randomLabels?: string;
  readonly passes?: string;
  readonly seed: string;
  readonly level: string;
  readonly json?: boolean;
}

export function verifyCommand(setExit: (code: number) => void): Command {
  const command = new Command('verify')
    .description('Checks a certificate: its arithmetic by a second implementation, its data, its weights, fresh draws.')
    .argument('<certificate>', 'certificate.json');
  for (const option of examplesOption()) command.addOption(option);
  return command
    .option('--model <file>', 'posterior.npz of the certificate: compares its digests and, with --data, draws again')
    .option(
      '--random-labels <seed>',
      'replace the labels of --data as bound --random-labels --seed did (default: what the certificate says)',
    )
    .option('--passes <count>', 'passes of the fresh draws (default: as many as the certificate)')
    .option('--seed <integer>', 'seed of the fresh draws', '0')
    .option('--level <probability>', 'probability of refusing a true certificate by its fresh draws', '1e-6')
    .option('--json', 'the result as JSON on standard output')
    .addHelpText(
      'after',
      `
Exit codes: 0 valid, 1 refused (the reasons are shown), 2 no certificate or a mistake in the arguments.

Examples:
  hyperribbon verify hyperribbon-report/certificate.json --data mnist
  hyperribbon verify hyperribbon-report/certificate.json --model hyperribbon-report/posterior.npz --data mnist`,
    )
    .action(async (file: string, options: VerifyCommandOptions) => {
      const certificate = parseCertificate(await readCertificate(file));
      const seed = integerOption('--seed', options.seed, 0);
      const level = positiveOption('--level', options.level);
      if (level >= 1) throw new UsageError(`--level: must be below 1, got ${options.level}`);
      const passes = options.passes === undefined ? {} : { passes: integerOption('--passes', options.passes, 1) };
      const wantsData = options.data !== undefined || options.inputs !== undefined;
      const labelSeed =
        options.randomLabels === undefined ? undefined : integerOption('--random-labels', options.randomLabels, 0);
      const data = wantsData ? await boundExamples(certificate, options, labelSeed) : undefined;
      const posterior = options.model === undefined ? undefined : await loadPosterior(certificate, options.model);
      const remeasure = data?.examples === undefined ? undefined : posterior?.remeasurer?.(data.examples);
      const controller = new AbortController();
      const release = stopOnSignal(() => controller.abort());
      const progress = new ProgressLines();
      const step = remeasure === undefined ? undefined : progress.start('drawing from the posterior again');
      let result: Verification;
      try {
        result = await verifyCertificate(certificate, {
          seed,
          level,
          ...passes,
          ...(data === undefined ? {} : { data: { [certificate.data.bound]: data.digest } }),
          ...(posterior === undefined ? {} : { weights: posterior.weights }),
          ...(remeasure === undefined ? {} : { remeasure }),
          signal: controller.signal,
          onProgress: ({ done, of }) => step?.update({ fraction: done / of }),
        });
      } catch (error) {
        if (!controller.signal.aborted) throw error;
        step?.stopped('stopped');
        setExit(130);
        return;
      } finally {
        release();
      }
      const interval = result.remeasured?.interval.map((x) => x.toPrecision(4)).join(', ');
      if (interval === undefined) step?.stopped('nothing to compare them with');
      else step?.done(`risk in [${interval}]`);
      process.stdout.write(
        options.json === true
          ? `${JSON.stringify({ file, claim: certificate.claim, ...result }, null, 1)}\n`
          : verificationText(
              certificate,
              result,
              colorsFor(process.stdout),
              Math.max(60, Math.min(120, process.stdout.columns ?? 100)),
            ),
      );
      if (!result.valid) setExit(1);
    });
}
