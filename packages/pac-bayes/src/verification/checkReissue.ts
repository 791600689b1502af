import { isArgumentError } from '@hyperribbon/contract';
import { AssumptionError } from '../assumptions.js';
import type { Certificate } from '../certificate/certificate.js';
import { CertificateError } from '../certificate/certificateError.js';
import { issueCertificate, type CertificateArguments } from '../certificate/issueCertificate.js';
import type { Findings } from './reason.js';

/**
 * Issues the certificate once more from its own ingredients and compares all of it: whatever follows from something else has one value.
 * The second implementation allows for other roundings, this does not.
 */
export function checkReissue(certificate: Certificate, found: Findings): void {
  let again: Certificate;
  try {
    again = issueCertificate(requestOf(certificate));
  } catch (error) {
    if (!isArgumentError(error) && !(error instanceof AssumptionError) && !(error instanceof CertificateError))
      throw error;
    found.add('reissue', '$', `it would not be issued so: ${error.message}`);
    return;
  }
  const { name, version } = again.software;
  // who issued it has its say, but for the name
  const software = { ...again.software, version: certificate.software.version };
  for (const [path, ours, theirs] of differences({ ...again, software }, certificate, '$'))
    if (path !== '$.digest')
      found.add(
        'reissue',
        path,
        `issued again from the same ingredients it is ${shown(ours)}, it says ${shown(theirs)} (${name} ${version})`,
      );
}

/** What the certificate would be issued from. */
function requestOf({
  claim,
  theorem,
  risk,
  divergence,
  prior,
  posterior,
  data,
  deltas,
  caveats,
  software,
}: Certificate) {
  const { kl, covariance, displacement, parts, ...shape } = divergence;
  const { constants, parameter } = theorem;
  const drawn = risk.kind === 'exact' ? undefined : risk;
  const spent = deltas.find(({ purpose }) => purpose === 'draws')?.delta ?? 0;
  const request = {
    theorem: theorem.id,
    delta: theorem.delta,
    constants: constants ?? undefined,
    lambda: theorem.id === 'thiemann' ? (parameter ?? undefined) : undefined,
    loss: withoutNulls(risk.loss),
    risk: withoutNulls(
      drawn === undefined
        ? risk
        : {
            ...drawn,
            delta: spent,
            ...(drawn.errors === null ? {} : { mean: null }),
            groups: drawn.scheme === 'per-group' ? drawn.groups : null,
            examplesPerDraw: drawn.scheme === 'random-subset' ? drawn.trials / drawn.passes : null,
          },
    ),
    divergence: withoutNulls({ ...shape, ...(parts === null ? { kl, covariance, displacement } : { kl, parts }) }),
    prior: withoutNulls(prior),
    posterior: withoutNulls(posterior),
    data: withoutNulls(data),
    chance: claim.chance,
    caveats,
    kernels: software.kernels,
    command: software.command ?? undefined,
  };
  return request as unknown as CertificateArguments;
}

function withoutNulls(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null));
}

/** Places where two plain values differ. */
function* differences(a: unknown, b: unknown, path: string): Generator<[path: string, a: unknown, b: unknown]> {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    if (!Object.is(a, b)) yield [path, a, b];
    return;
  }
  const list = Array.isArray(a);
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const at = list ? `${path}[${key}]` : `${path}.${key}`;
    yield* differences((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], at);
  }
}

function shown(value: unknown): string {
  return value === undefined ? 'left out' : JSON.stringify(value).slice(0, 200);
}
