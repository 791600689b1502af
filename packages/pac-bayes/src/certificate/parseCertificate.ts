import { typedArrayName } from '@hyperribbon/contract';
import { assumptionTexts } from './assumptionTexts.js';
import { certificateSchema, certificateVersions, type Certificate } from './certificate.js';
import { CertificateError } from './certificateError.js';
import { boolean, either, integer, list, name, number, oneOf, pair, record, text, type Shape } from './shape.js';
import { strictJson } from './strictJson.js';

/** The longest part is a split with 1e5 ranges, about 2 MB. */
const limits = { maxCharacters: 8_000_000, maxDepth: 12, maxValues: 400_000 };

const delta: Shape = number;
const count = integer(1);
const names = list(name(), 1000);
const loss = record({ kind: oneOf('zero-one', 'bounded'), description: text() }, { clamp: number });
const provenance = record({ description: text(), saw: names }, { seed: integer(0), purpose: text(300) });

const certificate = record({
  schema: oneOf(certificateSchema),
  version: oneOf(...certificateVersions),
  claim: record({ bound: number, delta, confidence: number, chance: number, vacuous: boolean, text: text() }),
  theorem: record(
    {
      id: oneOf('maurer', 'kl-exact', 'langford-seeger', 'mcallester', 'catoni', 'thiemann', 'quadratic'),
      title: text(),
      source: text(),
      n: count,
      delta,
      penalty: number,
      rate: number,
    },
    { constants: list(number, 10_000), parameter: number },
  ),
  risk: either('kind', {
    exact: record({ kind: oneOf('exact'), loss, value: number, how: text() }),
    drawn: record(
      {
        kind: oneOf('drawn'),
        loss,
        scheme: oneOf('whole-sample', 'random-subset', 'per-group', 'per-example'),
        passes: count,
        groups: count,
        units: count,
        trials: count,
        mean: number,
        method: oneOf('binomial', 'chernoff', 'kl-inverse'),
        selection: record({ kind: oneOf('fixed', 'fresh-draws', 'divided'), candidates: count }),
        delta,
        upper: number,
        seed: integer(0),
        purpose: text(300),
      },
      { errors: integer(0) },
    ),
  }),
  divergence: record(
    {
      kl: number,
      covariance: number,
      displacement: number,
      family: oneOf('gaussian-diagonal', 'gaussian-kronecker', 'gaussian-low-rank', 'gaussian-dense', 'finite'),
      dimension: count,
    },
    {
      parts: list(record({ name: name(), dimension: count, covariance: number, displacement: number }), 10_000),
      orthonormality: number,
      analytic: record({
        eigenvalues: list(number, 20_000),
        displacementSquared: number,
        precision: number,
        convention: oneOf('2(n-1)', '4(n-1)/ln2'),
      }),
    },
  ),
  prior: record(
    {
      mean: provenance,
      scales: list(
        either('kind', {
          fixed: record({ kind: oneOf('fixed'), name: name(), value: number, saw: names }),
          grid: record({
            kind: oneOf('grid'),
            name: name(),
            value: number,
            index: integer(1, 1e9),
            b: number,
            c: number,
            as: oneOf('variance', 'precision'),
          }),
          listed: record({ kind: oneOf('listed'), name: name(), value: number, members: list(number, 100_000) }),
        }),
        1000,
      ),
    },
    { basis: provenance },
  ),
  posterior: record(
    {
      description: text(),
      saw: names,
      weights: list(record({ name: name(), digest: name() }), 1000),
    },
    { architecture: text(), measuredBy: text(300) },
  ),
  data: record(
    {
      splits: list(
        record({
          name: name(),
          dataset: name(),
          digest: name(),
          count,
          indices: either('kind', {
            ranges: record({ kind: oneOf('ranges'), ranges: list(pair(integer(0)), 100_000) }),
            permutation: record({
              kind: oneOf('permutation'),
              seed: integer(0),
              purpose: text(300),
              index: integer(0),
              of: integer(1, 20_000_000),
              from: integer(0),
              to: integer(1),
            }),
          }),
        }),
        1000,
      ),
      bound: name(),
    },
    { labels: record({ kind: oneOf('random'), seed: integer(0), purpose: text(300) }) },
  ),
  deltas: list(record({ purpose: oneOf('inequality', 'draws'), delta, text: text() }), 100),
  assumptions: list(record({ id: oneOf(...Object.keys(assumptionTexts)), text: text() }), 100),
  caveats: list(text(), 1000),
  software: record(
    {
      name: name(),
      version: name(),
      kernels: record({ flavour: oneOf('deterministic', 'fast'), engine: oneOf('wasm', 'typescript') }),
    },
    { command: text(4000) },
  ),
  digest: name(),
});

/**
 * Reads a certificate from a stranger: strict JSON, limits on size and depth, exactly the known keys, every type checked. Whether
 * what it says is true is for `verifyCertificate`.
 * @param source text, bytes in UTF-8, or a value that JSON.parse returned
 * @throws CertificateError naming the place and the problem
 * @example const certificateOf = async (file) => parseCertificate(await file.bytes());
 */
export function parseCertificate(source: unknown): Certificate {
  const bytes = typedArrayName(source) === 'Uint8Array';
  const value =
    typeof source === 'string' ? strictJson(source, limits) : bytes ? fromBytes(source as Uint8Array) : source;
  certificate(value, '$');
  return value as Certificate;
}

function fromBytes(bytes: Uint8Array): unknown {
  if (bytes.length > limits.maxCharacters)
    throw new CertificateError('$', `must have at most ${limits.maxCharacters} bytes, got ${bytes.length}`);
  let content: string;
  try {
    content = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new CertificateError('$', 'must be UTF-8, got bytes that are not');
  }
  return strictJson(content, limits);
}
