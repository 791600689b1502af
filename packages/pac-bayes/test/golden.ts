import { readFileSync } from 'node:fs';

/** The tables of a file in test/golden. */
export function goldenTables<T>(file: string): T {
  const text = readFileSync(new URL(`./golden/${file}`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { tables: T }).tables;
}

/** "1.234e-5" with up to 34 digits, as an integer times a power of ten: comparisons below are exact. */
export interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

/** A decimal string, or a double read as the exact binary fraction that it is. */
export function decimal(value: string | number): Decimal {
  if (typeof value === 'number') return exact(value);
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(value);
  if (match === null) throw new Error(`not a decimal: ${value}`);
  const [, sign, whole, fraction = '', power = '0'] = match;
  const digits = BigInt(whole + fraction);
  return { digits: sign === '-' ? -digits : digits, exponent: Number(power) - fraction.length };
}

function exact(x: number): Decimal {
  let mantissa = x;
  let halvings = 0;
  while (!Number.isInteger(mantissa)) [mantissa, halvings] = [mantissa * 2, halvings + 1];
  // x = m / 2^h = m 5^h / 10^h
  return { digits: BigInt(mantissa) * 5n ** BigInt(halvings), exponent: -halvings };
}

/** Sign of a - b, exactly. Powers of ten beyond 5000 digits are settled by magnitude. */
export function compare(a: Decimal, b: Decimal): number {
  if (a.digits === 0n || b.digits === 0n) return sign(a.digits - b.digits);
  const lengthA = String(a.digits).length + a.exponent;
  const lengthB = String(b.digits).length + b.exponent;
  if (Math.abs(lengthA - lengthB) > 2) return lengthA > lengthB ? sign(a.digits) : -sign(b.digits);
  const low = Math.min(a.exponent, b.exponent);
  const scale = (v: Decimal): bigint => v.digits * 10n ** BigInt(v.exponent - low);
  return sign(scale(a) - scale(b));
}

function sign(x: bigint): number {
  return x > 0n ? 1 : x < 0n ? -1 : 0;
}

/** |x - reference| / |reference|, or |x| if the reference is 0. */
export function relativeError(x: number, reference: string): number {
  const r = Number(reference);
  return r === 0 ? Math.abs(x) : Math.abs(x - r) / Math.abs(r);
}
