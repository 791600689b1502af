import {
  parseCertificate,
  parseTestSetCertificate,
  verifyCertificate,
  verifyTestSetCertificate,
} from '@hyperribbon/pac-bayes';
import { flag, flagOf, option, type Given } from '../options/option.js';
import { probability, text, whole } from '../options/parsers.js';
import { dataOptions, json } from '../options/shared.js';
import { colorsFor } from '../output/colors.js';
import { jsonOutput } from '../output/jsonOutput.js';
import { columnsOf } from '../output/terminal.js';
import { testSetText } from '../output/testSetText.js';
import { verificationText } from '../output/verificationText.js';
import { evidenceFor } from '../verify/evidence.js';
import { reading } from '../input/reading.js';
import { requireNoSource } from '../input/sourceOptions.js';
import { testSetEvidence } from '../verify/testSetEvidence.js';
import { UsageError } from '../usageError.js';
import { certificateIn, folderReasons } from '../verify/folderReasons.js';
import { readCertificate } from '../verify/readCertificate.js';
import { command } from './command.js';

const verifyOptions = {
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
    'probability of refusing a true certificate by its fresh draws (default: 1e-6)',
    probability(),
  ),
  json,
};

export const verifyCommand = command({
  name: 'verify',
  description:
    'Checks a certificate: its arithmetic by a second implementation and, with its data and weights, all the rest: rows, prior,\n' +
    'divergence and recorded draws are made again, and fresh draws certify a bound of their own.',
  argument: ['certificate', 'certificate.json'],
  options: verifyOptions,
  after: `Exit codes: 0 verified: everything that can be checked was, and is as it says; 1 refused (the reasons are shown), or
files of different runs in its folder; 2 no certificate or a
mistake in the arguments; 3 incomplete: nothing speaks against it, but a forged one would look the same, since what stands under
"not checked" was not looked at. Without --data and --model no more than arithmetic is checked: that is always 3.

Examples:
  hyperribbon verify hyperribbon-bound/certificate.json --model hyperribbon-bound/posterior.npz --data mnist
  hyperribbon verify hyperribbon-bound/test-set.json --model hyperribbon-bound/network.npz --data mnist
  hyperribbon verify hyperribbon-report/certificate.json`,
  run: async (options, { signal, lines, print }, given) => {
    const file = certificateIn(given);
    const mixed = folderReasons(file);
    const { passes, seed, level = 1e-6 } = options;
    const record = jsonOutput(options.json);
    // standard output is for the record alone where that goes there
    const tell = record?.alone === true ? (text: string) => lines.print(text.trimEnd()) : print;
    for (const reason of mixed) tell(`${colorsFor(process.stdout).red('✘ files of different runs:')} ${reason}\n`);
    if (options.data === undefined && options.inputs === undefined) requireNoSource(options);
    requireDrawing(options);
    const bytes = await readCertificate(file);
    if (isOfTestSet(bytes)) return verifyTestSet(file, bytes, options, print, mixed);
    const evidence = await evidenceFor(
      reading('certificate', file, () => parseCertificate(bytes)),
      options,
    );
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
    record?.write({ file, claim: certificate.claim, ...found, folder: mixed });
    return mixed.length > 0 ? exitCodes.refused : exitCodes[result.verdict];
  },
});

/** Fresh draws need the weights and the data that they are drawn from and meet; without them what is said of draws has no use. */
function requireDrawing(options: Given<typeof verifyOptions>): void {
  const { data, inputs, model, skipTraining, randomLabels } = options;
  const given = data !== undefined || inputs !== undefined;
  if (randomLabels !== undefined && !given)
    throw new UsageError('--random-labels: is about --data or --inputs; name one of them');
  if (given && model !== undefined) return;
  const unused = (['passes', 'seed', 'level'] as const).find((name) => options[name] !== undefined);
  if (unused === undefined && !skipTraining) return;
  throw new UsageError(
    `${unused === undefined ? '--skip-training' : flagOf(unused)}: is of what is done again with --data and --model; name both`,
  );
}

/** Certificates of test sets name their schema; which of the two it is decides who reads the rest. */
function isOfTestSet(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes).includes('"hyperribbon/test-set-certificate"');
}

/** The certificate of a test set: arithmetic, rows and weights by their digests, the mistakes counted again. */
async function verifyTestSet(
  file: string,
  bytes: Uint8Array,
  options: Parameters<typeof testSetEvidence>[1] &
    Pick<Given<typeof verifyOptions>, 'json' | 'passes' | 'seed' | 'level' | 'randomLabels'>,
  print: (text: string) => void,
  mixed: readonly string[],
): Promise<number> {
  const unused = (['passes', 'seed', 'level', 'randomLabels'] as const).find((name) => options[name] !== undefined);
  if (unused !== undefined)
    throw new UsageError(
      `${flagOf(unused)}: ${file} is the certificate of a test set, which has no draws and tells its labels itself`,
    );
  const record = jsonOutput(options.json);
  const certificate = reading('certificate', file, () => parseTestSetCertificate(bytes));
  const result = verifyTestSetCertificate(certificate, await testSetEvidence(certificate, options));
  const width = Math.min(120, columnsOf(process.stdout));
  if (record?.alone !== true) print(testSetText(certificate, result, colorsFor(process.stdout), width));
  record?.write({ file, claim: certificate.claim, ...result, folder: mixed });
  return mixed.length === 0 ? exitCodes[result.verdict] : exitCodes.refused;
}

const exitCodes = { verified: 0, refused: 1, incomplete: 3 } as const;
