import { type FloatArray, refuse, requireFloatArray } from '@hyperribbon/contract';
import { weightsDigest } from '@hyperribbon/contract/digest';
import type { DataSplit } from '../certificate/certificate.js';
import type { Findings } from './reason.js';

/**
 * Are the data at hand those of the certificate?
 * @returns whether all were given
 * @throws ArgumentError for a split that it does not have
 */
export function checkData(
  caller: string,
  splits: readonly DataSplit[],
  given: Readonly<Record<string, string>>,
  found: Findings,
): boolean {
  for (const [name, digest] of Object.entries(given)) {
    const split = splits.find((candidate) => candidate.name === name);
    if (split === undefined) {
      const listed = splits.map((other) => `"${other.name}"`).join(', ');
      return refuse(caller, `data must name splits of the certificate, ${listed}, got "${name}"`);
    }
    found.unless(
      split.digest === digest,
      'data-differs',
      `$.data.splits "${name}"`,
      `the data given are not those of the certificate: digest ${digest} instead of ${split.digest}`,
    );
  }
  return splits.every(({ name }) => Object.hasOwn(given, name));
}

/**
 * Are the arrays at hand those of the certificate, and finite?
 * @returns whether all were given
 */
export function checkWeights(
  caller: string,
  listed: readonly { readonly name: string; readonly digest: string }[],
  given: Readonly<Record<string, FloatArray>>,
  found: Findings,
): boolean {
  for (const [name, array] of Object.entries(given)) {
    requireFloatArray(caller, `weights.${name}`, array);
    const path = `weights "${name}"`;
    const broken = array.findIndex((w) => !Number.isFinite(w));
    const told = `weight ${broken} is ${array[broken]}; finite numbers are needed`;
    found.unless(broken < 0, 'weights-not-finite', path, told);
    const entry = listed.find((candidate) => candidate.name === name);
    const digest = weightsDigest(array);
    if (entry === undefined) found.add('weights-unknown', path, 'the certificate does not name these weights');
    else
      found.unless(
        entry.digest === digest,
        'weights-differ',
        path,
        `the weights given are not those of the certificate: digest ${digest} instead of ${entry.digest}`,
      );
  }
  return listed.length > 0 && listed.every(({ name }) => Object.hasOwn(given, name));
}
