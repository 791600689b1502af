import { parseCertificate, verifyCertificate } from '@hyperribbon/pac-bayes';
import { flag, option } from '../options/option.js';
import { probability, text, whole } from '../options/parsers.js';
import { dataOptions, json } from '../options/shared.js';
import { colorsFor } from '../output/colors.js';
import { jsonOutput } from '../output/jsonOutput.js';
import { columnsOf } from '../output/terminal.js';
import { verificationText } from '../output/verificationText.js';
import { evidenceFor } from '../verify/evidence.js';
import { requireNoSource } from '../input/sourceOptions.js';
import { readCertificate } from '../verify/readCertificate.js';
import { command } from './command.js';

export const verifyCommand = command({
  name: 'verify',
  description:
    'Checks a certificate: its arithmetic by a second implementation and, with its data and weights, all the rest: rows, prior,\n' +
    'divergence and recorded draws are made again, and fresh draws certify a bound of their own.',
  argument: ['certificate', 'certificate.json'],
  options: {
    ...dataOptions,
    model: option(
      '<file>',
      'posterior.npz of the certificate: its arrays, from which prior, divergence and draws are checked',
      text,
    ),
    randomLabels: option(
      '<seed>',
      'for certificates of version 1 and 2, which do not tell: replace the labels of --data as bound --random-labels --seed did',
      whole(0),
    ),
    passes: option('<count>', 'passes of the fresh draws (default: as many as the certificate)', whole(1)),
    seed: option(
      '<integer>',
      'seed of the fresh draws, to repeat a verification (default: one nobody can foresee)',
      whole(0),
    ),
    skipTraining: flag('do not train a learnt prior again: the certificate stays incomplete'),
    level: option(
      '<probability>',
      'probability of refusing a true certificate by its fresh draws',
      probability(),
      1e-6,
    ),
    json,
  },
  after: `Exit codes: 0 verified: everything that can be checked was, and is as it says; 1 refused (the reasons are shown); 2 no certificate or a
mistake in the arguments; 3 incomplete: nothing speaks against it, but a forged one would look the same, since what stands under
"not checked" was not looked at. Without --data and --model no more than arithmetic is checked: that is always 3.

Examples:
  hyperribbon verify hyperribbon-bound/certificate.json --model hyperribbon-bound/posterior.npz --data mnist
  hyperribbon verify hyperribbon-report/certificate.json`,
  run: async (options, { signal, lines, print }, file) => {
    const { passes, seed, level } = options;
    const record = jsonOutput(options.json);
    if (options.data === undefined && options.inputs === undefined) requireNoSource(options);
    const bytes = await readCertificate(file);
    const evidence = await evidenceFor(parseCertificate(bytes), options);
    // without arrays it takes no time
    const line = options.model === undefined ? undefined : lines.start('checking the certificate');
    const result = await verifyCertificate(bytes, {
      ...evidence,
      level,
      ...(seed === undefined ? {} : { seed }),
      ...(passes === undefined ? {} : { passes }),
      signal,
      onProgress: (progress) => line?.update(progress),
    }).catch((error: unknown) => {
      line?.stopped('stopped');
      throw error;
    });
    line?.done(result.verdict);
    const columns = columnsOf(process.stdout);
    // wide terminals: longer lines are hard to read; pipes: lines as they are
    const width = Number.isFinite(columns) ? Math.min(120, columns) : columns;
    const { certificate, ...found } = result;
    if (record?.alone !== true) print(verificationText(result, colorsFor(process.stdout), width));
    record?.write({ file, claim: certificate.claim, ...found });
    return exitCodes[result.verdict];
  },
});

const exitCodes = { verified: 0, refused: 1, incomplete: 3 } as const;
