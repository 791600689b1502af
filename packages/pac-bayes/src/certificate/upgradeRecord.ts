/** Properties of a certificate that may be null, by the object they belong to. */
const nullable: readonly (readonly [place: readonly string[], keys: readonly string[]])[] = [
  [['theorem'], ['constants', 'parameter']],
  [['risk', 'loss'], ['clamp']],
  [['risk'], ['errors', 'draws']],
  [['divergence'], ['parts', 'orthonormality', 'analytic']],
  [['prior'], ['basis', 'shape']],
  [['posterior'], ['architecture', 'measuredBy']],
  [['data'], ['chance', 'labels']],
  [['software'], ['command']],
];

/**
 * A record with null for what it leaves out, and origins that nobody can check where it tells none: what an issuer may leave out, and
 * what versions 1 and 2 left out. In a certificate of version 3 everything stands, so that nothing can be dropped.
 */
export function withNulls(record: unknown): unknown {
  let filled = record;
  for (const [place, keys] of nullable)
    filled = changed(filled, place, (found) => {
      const exact = place.join() === 'risk' && found['kind'] === 'exact';
      const missing = exact ? [] : keys.filter((key) => found[key] === undefined);
      return { ...found, ...Object.fromEntries(missing.map((key) => [key, null])) };
    });
  for (const part of ['mean', 'basis'])
    filled = changed(filled, ['prior', part], (found) => ({ origin: { kind: 'stated' }, ...found }));
  return filled;
}

/**
 * A record of version 1 or 2 in the form of version 3; any other as it is. Version 1 named examples by a hash of our own (`fnx128:`),
 * version 2 by SHA-256. Neither says how its draws and its prior can be made again, so no more than their arithmetic can be checked.
 */
export function upgradeRecord(record: unknown): unknown {
  if (!isObject(record) || (record['version'] !== 1 && record['version'] !== 2)) return record;
  let filled: unknown = record;
  // a seed told where an ingredient came from, but not how
  for (const part of ['mean', 'basis'])
    filled = changed(filled, ['prior', part], ({ seed: _seed, purpose: _purpose, ...found }) => found);
  return withNulls(filled);
}

type Found = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Found {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A copy with the object at a place changed, where there is one. */
function changed(record: unknown, [key, ...rest]: readonly string[], change: (found: Found) => Found): unknown {
  if (!isObject(record)) return record;
  if (key === undefined) return change(record);
  return Object.hasOwn(record, key) ? { ...record, [key]: changed(record[key], rest, change) } : record;
}
