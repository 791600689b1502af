import { parseJson } from '../parseAnalysis.js';
import {
  AnalysisFormatError,
  arrayOf,
  count,
  finite,
  flag,
  maybe,
  notNegative,
  object,
  positive,
  share,
  text,
  type Decoder,
} from '../shape.js';
import { networkBoundSchema, networkBoundVersion, type NetworkBoundStudy } from './networkBoundStudy.js';

const pair: Decoder<readonly [string, string]> = (value, path) => {
  const both = arrayOf(text)(value, path);
  if (both.length !== 2) throw new AnalysisFormatError(path, 'a name and a value', value);
  return [both[0], both[1]];
};

const theoremRow = object({
  theorem: text,
  source: text,
  value: notNegative,
  vacuous: flag,
  penalty: finite,
  gap: maybe(notNegative),
  plugIn: maybe(notNegative),
});

const result = object({
  value: notNegative,
  vacuous: flag,
  certified: flag,
  confidence: share,
  n: count,
  weights: count,
  klDisplacement: notNegative,
  klCovariance: notNegative,
  penalty: finite,
  price: notNegative,
  monteCarlo: object({ mean: share, draws: count, delta: share, upper: share }),
  plugIn: notNegative,
  deltas: arrayOf(object({ purpose: text, delta: share })),
  gap: maybe(notNegative),
  others: arrayOf(theoremRow),
  released: maybe(theoremRow),
  theorem: text,
  source: text,
  scales: arrayOf(object({ name: text, index: count, variance: positive })),
  parts: arrayOf(object({ name: text, dimension: count, covariance: notNegative, displacement: notNegative })),
  test: maybe(object({ mean: share, draws: count })),
  published: maybe(object({ value: notNegative, source: text })),
});

const study = object({
  schema: text,
  version: count,
  title: text,
  created: maybe(text),
  complete: flag,
  reason: maybe(text),
  setting: arrayOf(pair),
  history: arrayOf(object({ epoch: count, error: share, kl: notNegative, estimate: share })),
  result: maybe(result),
  assumptions: arrayOf(text),
  caveats: arrayOf(text),
});

/**
 * Checks a record of `hyperribbon bound`, from JSON text or parsed; unknown fields are dropped.
 *
 * @throws AnalysisFormatError naming the first place that is wrong
 */
export function parseNetworkBound(record: unknown): NetworkBoundStudy {
  const value = typeof record === 'string' ? parseJson(record) : record;
  const found = study(value, '');
  if (found.schema !== networkBoundSchema) {
    throw new AnalysisFormatError('schema', JSON.stringify(networkBoundSchema), found.schema);
  }
  if (found.version !== networkBoundVersion) {
    throw new AnalysisFormatError('version', String(networkBoundVersion), found.version);
  }
  return found as NetworkBoundStudy;
}
