import { parseCertificate, verifyCertificate } from '@hyperribbon/pac-bayes';
import { option } from '../options/option.js';
import { probability, text, whole } from '../options/parsers.js';
import { dataOptions, json } from '../options/shared.js';
import { colorsFor } from '../output/colors.js';
import { jsonOutput } from '../output/jsonOutput.js';
import { columnsOf } from '../output/terminal.js';
import { verificationText } from '../output/verificationText.js';
import { boundExamples } from '../verify/boundExamples.js';
import { loadPosterior } from '../verify/loadPosterior.js';
import { readCertificate } from '../verify/readCertificate.js';
import { command } from './command.js';

export const verifyCommand = command({
  name: 'verify',
  description: 'Checks a certificate: its arithmetic by a second implementation, its data, its weights, fresh draws.',
  argument: ['certificate', 'certificate.json'],
  options: {
    ...dataOptions,
    model: option(
      '<file>',
      'posterior.npz of the certificate: compares its digests and, with --data, draws again',
      text,
    ),
    randomLabels: option(
      '<seed>',
      'replace the labels of --data as bound --random-labels --seed did (default: what the certificate says)',
      whole(0),
    ),
    passes: option('<count>', 'passes of the fresh draws (default: as many as the certificate)', whole(1)),
    seed: option('<integer>', 'seed of the fresh draws', whole(0), 0),
    level: option(
      '<probability>',
      'probability of refusing a true certificate by its fresh draws',
      probability(),
      1e-6,
    ),
    json,
  },
  after: `Exit codes: 0 valid, 1 refused (the reasons are shown), 2 no certificate or a mistake in the arguments.

Examples:
  hyperribbon verify hyperribbon-report/certificate.json --data mnist
  hyperribbon verify hyperribbon-report/certificate.json --model hyperribbon-report/posterior.npz --data mnist`,
  run: async (options, { signal, lines, print }, file) => {
    const { model, passes, seed, level, data: source, inputs, randomLabels } = options;
    const record = jsonOutput(options.json);
    const certificate = parseCertificate(await readCertificate(file));
    const data =
      source === undefined && inputs === undefined
        ? undefined
        : await boundExamples(certificate, options, randomLabels);
    const posterior = model === undefined ? undefined : await loadPosterior(certificate, model);
    const remeasure = data?.examples === undefined ? undefined : posterior?.remeasurer?.(data.examples);
    const line = remeasure === undefined ? undefined : lines.start('drawing from the posterior again');
    const result = await verifyCertificate(certificate, {
      seed,
      level,
      ...(passes === undefined ? {} : { passes }),
      ...(data === undefined ? {} : { data: { [certificate.data.bound]: data.digest } }),
      ...(posterior === undefined ? {} : { weights: posterior.weights }),
      ...(remeasure === undefined ? {} : { remeasure }),
      signal,
      onProgress: ({ done, of }) => line?.update({ done, of }),
    }).catch((error: unknown) => {
      line?.stopped('stopped');
      throw error;
    });
    const interval = result.remeasured?.interval.map((x) => x.toPrecision(4)).join(', ');
    if (interval === undefined) line?.stopped('nothing to compare them with');
    else line?.done(`risk in [${interval}]`);
    const columns = columnsOf(process.stdout);
    // wide terminals: longer lines are hard to read; pipes: lines as they are
    const width = Number.isFinite(columns) ? Math.min(120, columns) : columns;
    if (record?.alone !== true) print(verificationText(certificate, result, colorsFor(process.stdout), width));
    record?.write({ file, claim: certificate.claim, ...result });
    return result.valid ? 0 : 1;
  },
});
