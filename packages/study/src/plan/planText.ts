import { refuseType } from '@hyperribbon/contract';
import { textDigest } from '@hyperribbon/contract/digest';
import { digestOf } from '../executors/arrays.js';

/**
 * A plan as text that is the same for equal plans: keys in alphabetical order at every depth, what is undefined left out, typed arrays by
 * the digest of their bits. It is what a run that is to go on must agree in: made of the plan itself, it cannot forget an option.
 *
 * @param plan plain data
 * @returns JSON
 * @throws ArgumentTypeError for functions and symbols, which no text stands for
 * @example
 * planText({ epochs: 5, batchSize: 100 }); // '{"batchSize":100,"epochs":5}'
 */
export function planText(plan: unknown): string {
  return JSON.stringify(plan, (key, value: unknown) => {
    if (typeof value === 'function' || typeof value === 'symbol') refuseType('planText', key, 'plain data', value);
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    if (ArrayBuffer.isView(value)) return digestOf(value);
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** A short name of a plan: `sha256:` and 64 hexadecimal digits of its {@link planText}. */
export function planDigest(plan: unknown): string {
  return textDigest(planText(plan));
}

/**
 * In what two plans differ, for a person: `epochs: 5, not 6`.
 *
 * @param found text of the plan that is there, or anything else that was found in its place
 * @param wanted text of the plan that is asked for
 * @example
 * planDifferences('{"epochs":5}', '{"epochs":6,"seed":1}'); // ['epochs: 5, not 6', 'seed: missing, not 1']
 */
export function planDifferences(found: string, wanted: string): readonly string[] {
  const [a, b] = [leaves(found), leaves(wanted)];
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((path) => a.get(path) !== b.get(path))
    .map((path) => `${path}: ${a.get(path) ?? 'missing'}, not ${b.get(path) ?? 'given'}`);
}

/** Every value that is no object, by its path. */
function leaves(text: string): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) out.set(path === '' ? 'the plan' : path, JSON.stringify(value));
    else for (const [key, entry] of Object.entries(value)) walk(entry, path === '' ? key : `${path}.${key}`);
  };
  try {
    walk(JSON.parse(text), '');
  } catch {
    out.set('the plan', text);
  }
  return out;
}
