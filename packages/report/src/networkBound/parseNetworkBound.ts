import {
  Mismatch,
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
  decode,
} from '@hyperribbon/contract/decode';
import { networkBoundSchema, networkBoundVersion, type NetworkBoundStudy } from './networkBoundStudy.js';

const pair: Decoder<readonly [string, string]> = (value, path) => {
  const both = arrayOf(text)(value, path);
  if (both.length !== 2) throw new Mismatch(path, 'a name and a value', value);
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
 * @throws RecordFormatError naming the first place that is wrong
 */
export function parseNetworkBound(record: unknown): NetworkBoundStudy {
  return decode('parseNetworkBound', currentStudy, record);
}

const currentStudy: Decoder<NetworkBoundStudy> = (value, path) => {
  const found = study(value, path);
  if (found.schema !== networkBoundSchema) {
    throw new Mismatch('schema', JSON.stringify(networkBoundSchema), found.schema);
  }
  if (found.version !== networkBoundVersion) {
    throw new Mismatch('version', String(networkBoundVersion), found.version);
  }
  return found as NetworkBoundStudy;
};
