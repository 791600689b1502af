import { describe, refuse, refuseType, requireLength } from '@hyperribbon/contract';

/** What was chosen for one network: hyper-parameters by name, the seed among them. */
export type Setting = Readonly<Record<string, string | number | boolean>>;

/** Trained networks as a table: row i is a network. */
export interface MeasuredRuns {
  /** (n,) with the same names in all of them */
  readonly settings: readonly Setting[];
  /** (n,) a measure of complexity; −∞ and ∞ are values, NaN is none */
  readonly measure: ArrayLike<number>;
  /** (n,) what it is to predict: test error − train error */
  readonly gaps: ArrayLike<number>;
}

/** How often each row counts: a resample of the rows. */
export type RowWeights = ArrayLike<number>;

/**
 * Checks a table and gives its names.
 *
 * @throws ArgumentError for no or one row, rows with other names, lengths that differ, NaN or infinite gaps
 */
export function requireRuns(caller: string, { settings, measure, gaps }: MeasuredRuns): readonly string[] {
  requireNumbers(caller, 'measure', measure, settings.length, false);
  return requireSettings(caller, settings, gaps);
}

/** The same without a measure. */
export function requireSettings(
  caller: string,
  settings: readonly Setting[],
  gaps: ArrayLike<number>,
): readonly string[] {
  if (!Array.isArray(settings)) refuseType(caller, 'settings', 'an array of objects', settings);
  if (settings.length < 2) refuse(caller, `settings must hold at least two networks, got ${settings.length}`);
  const names = Object.keys(settings[0] as object);
  settings.forEach((setting, i) => {
    const own = Object.keys(setting as object);
    const strange = own.find((name) => !names.includes(name)) ?? names.find((name) => !own.includes(name));
    if (strange !== undefined)
      refuse(caller, `settings[${i}] and settings[0] must have the same names, only one has ${describe(strange)}`);
  });
  requireNumbers(caller, 'gaps', gaps, settings.length, true);
  return names;
}

export function requireNumbers(
  caller: string,
  name: string,
  values: ArrayLike<number>,
  length: number,
  finite: boolean,
): void {
  requireLength(caller, name, values, length);
  for (let i = 0; i < length; i++) {
    const value = values[i];
    if (typeof value !== 'number' || Number.isNaN(value))
      refuse(caller, `${name}[${i}] must be a number, got ${describe(value)}: leave the network out`);
    if (finite && !Number.isFinite(value)) refuse(caller, `${name}[${i}] must be finite, got ${value}`);
  }
}

/** Those of the names that are asked for. @throws ArgumentError for one that no setting has */
export function requireNames(caller: string, option: string, asked: readonly string[], names: readonly string[]): void {
  const strange = asked.find((name) => !names.includes(name));
  if (strange !== undefined)
    refuse(caller, `${option}: no setting is called ${describe(strange)}; there are ${names.join(', ')}`);
}

/** (n,) numbers 0, 1, … for rows that agree in the names, in the order of their first appearance. */
export function codesOf(settings: readonly Setting[], names: readonly string[]): Int32Array {
  const known = new Map<string, number>();
  return Int32Array.from(settings, (setting) => {
    const key = JSON.stringify(names.map((name) => setting[name]));
    const code = known.get(key) ?? known.size;
    known.set(key, code);
    return code;
  });
}

/** −1, 0 or 1; two infinities of one sign are equal. */
export function order(a: number, b: number): number {
  return a > b ? 1 : a < b ? -1 : 0;
}
