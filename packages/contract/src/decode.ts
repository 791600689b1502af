import { describe } from './require.js';

/** A record (JSON of ours or of a user) that is not what it should be; `path` tells where it first goes wrong. */
export class RecordFormatError extends Error {
  override readonly name = 'RecordFormatError';
  /** such as `runs[3].coordinates`; '' for the record itself */
  readonly path: string;
  /** what was expected there, in words */
  readonly expected: string;

  constructor(caller: string, path: string, expected: string, found: unknown) {
    super(
      `${caller}: ${path === '' ? 'the record' : path} must be ${expected}, got ${found === undefined ? 'nothing' : describe(found)}`,
    );
    this.path = path;
    this.expected = expected;
  }
}

/** Checks a value found at `path` and returns a clean copy of it. @throws Mismatch */
export type Decoder<T> = (value: unknown, path: string) => T;

/** The type that a decoder returns: records are declared once, as their decoder. */
export type DecodedBy<D> = D extends Decoder<infer T> ? T : never;

/** What a decoder throws; {@link decode} turns it into a RecordFormatError of its caller. */
export class Mismatch extends Error {
  override readonly name = 'Mismatch';
  readonly path: string;
  readonly expected: string;
  readonly found: unknown;

  constructor(path: string, expected: string, found: unknown) {
    super(`${path} must be ${expected}`);
    this.path = path;
    this.expected = expected;
    this.found = found;
  }
}

/**
 * A clean copy of an untrusted value: own properties that the decoder names, checked one by one.
 *
 * @param caller the public function whose argument this is
 * @param value what JSON.parse returned, or JSON itself as a string
 * @throws RecordFormatError naming the caller, the place and what was expected there
 * @example
 * decode('parsePoint', object({ x: finite, y: finite }), '{"x": 1, "y": 2}'); // { x: 1, y: 2 }
 */
export function decode<T>(caller: string, decoder: Decoder<T>, value: unknown): T {
  try {
    return decoder(typeof value === 'string' ? parsed(value) : value, '');
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    throw new RecordFormatError(caller, error.path, error.expected, error.found);
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new Mismatch('', 'JSON', json);
  }
}

/** More than any analysis needs; stops a hostile file before it becomes a hostile drawing. */
const longestArray = 1_000_000;
const longestText = 100_000;

export const finite: Decoder<number> = (value, path) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Mismatch(path, 'a finite number', value);
  return value;
};

/** A number, or null for one that is not finite: JSON turns NaN into null, so both mean the same. */
export const finiteOrNull: Decoder<number | null> = (value, path) =>
  value === null || (typeof value === 'number' && !Number.isFinite(value)) ? null : finite(value, path);

/** Not finite counts as missing. */
export const finiteOrMissing: Decoder<number | undefined> = (value, path) => finiteOrNull(value, path) ?? undefined;

/** A finite number that passes a test; `expected` says in words what passes. */
export function numberThat(passes: (x: number) => boolean, expected: string): Decoder<number> {
  return (value, path) => {
    const x = finite(value, path);
    if (!passes(x)) throw new Mismatch(path, expected, value);
    return x;
  };
}

export const count: Decoder<number> = /* @__PURE__ */ numberThat(
  (x) => Number.isSafeInteger(x) && x >= 0,
  'a whole number, not negative',
);
export const share: Decoder<number> = /* @__PURE__ */ numberThat((x) => x >= 0 && x <= 1, 'in [0, 1]');
export const positive: Decoder<number> = /* @__PURE__ */ numberThat((x) => x > 0, 'a number above 0');
export const notNegative: Decoder<number> = /* @__PURE__ */ numberThat((x) => x >= 0, 'a number, not negative');

export const text: Decoder<string> = (value, path) => {
  if (typeof value !== 'string' || value.length > longestText) throw new Mismatch(path, 'text', value);
  return value;
};

export const flag: Decoder<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw new Mismatch(path, 'true or false', value);
  return value;
};

/** What a decoder found, held to a condition between its parts as well: `check` throws Mismatch. */
export function checked<T>(decoder: Decoder<T>, check: (found: T, path: string) => void): Decoder<T> {
  return (value, path) => {
    const found = decoder(value, path);
    check(found, path);
    return found;
  };
}

/** Two lists that belong together. @throws Mismatch if their lengths differ */
export function requireSameLength(list: readonly unknown[], path: string, other: readonly unknown[]): void {
  if (list.length !== other.length) throw new Mismatch(path, `an array of ${other.length}`, list);
}

/** One of the given constants. */
export function oneOf<const T extends string | number>(...options: readonly T[]): Decoder<T> {
  return (value, path) => {
    const found = options.find((option) => option === value);
    if (found === undefined) throw new Mismatch(path, options.map((o) => JSON.stringify(o)).join(' or '), value);
    return found;
  };
}

export function either<A, B>(a: Decoder<A>, b: Decoder<B>): Decoder<A | B> {
  return (value, path) => {
    try {
      return a(value, path);
    } catch {
      return b(value, path);
    }
  };
}

export function arrayOf<T>(item: Decoder<T>): Decoder<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value) || value.length > longestArray)
      throw new Mismatch(path, `an array of at most ${longestArray}`, value);
    return Array.from(value, (element: unknown, i) => item(element, `${path}[${i}]`));
  };
}

/** Exactly two of a kind. */
export function pairOf<T>(item: Decoder<T>): Decoder<readonly [T, T]> {
  return (value, path) => {
    if (!Array.isArray(value) || value.length !== 2) throw new Mismatch(path, 'an array of 2', value);
    return [item(value[0], `${path}[0]`), item(value[1], `${path}[1]`)];
  };
}

/** Any names, values of one kind. Own properties only; "__proto__" becomes an ordinary key. */
export function recordOf<T>(item: Decoder<T>): Decoder<Readonly<Record<string, T>>> {
  return (value, path) =>
    Object.fromEntries(entriesOf(value, path).map(([key, entry]) => [key, item(entry, `${path}.${key}`)]));
}

/** Marks a property that may be missing. */
export interface Optional<T> {
  readonly optional: Decoder<T>;
}
export function maybe<T>(decoder: Decoder<T>): Optional<T> {
  return { optional: decoder };
}

type Shape = Readonly<Record<string, Decoder<unknown> | Optional<unknown>>>;
type RequiredKeys<S extends Shape> = { [K in keyof S]: S[K] extends Optional<unknown> ? never : K }[keyof S];
type OptionalKeys<S extends Shape> = { [K in keyof S]: S[K] extends Optional<unknown> ? K : never }[keyof S];
type Decoded<D> = D extends Decoder<infer T> ? T : D extends Optional<infer T> ? T : never;
/** Over `Pick`, not over the keys alone: so comments on the properties of a shape reach the readers of its type. */
export type ObjectOf<S extends Shape> = { readonly [K in keyof Pick<S, RequiredKeys<S>>]: Decoded<S[K]> } & {
  readonly [K in keyof Pick<S, OptionalKeys<S>>]?: Exclude<Decoded<S[K]>, undefined>;
};

/** The properties named, checked one by one; others are dropped. Only what is the object's own counts. */
export function object<S extends Shape>(shape: S): Decoder<ObjectOf<S>> {
  return (value, path) => {
    const found = new Map<string, unknown>(entriesOf(value, path));
    const clean: [string, unknown][] = [];
    for (const [key, decoder] of Object.entries(shape)) {
      const at = path === '' ? key : `${path}.${key}`;
      const entry = found.get(key);
      if (typeof decoder === 'function') clean.push([key, decoder(entry, at)]);
      else if (entry !== undefined) {
        const value = decoder.optional(entry, at);
        if (value !== undefined) clean.push([key, value]);
      }
    }
    return Object.fromEntries(clean) as ObjectOf<S>;
  };
}

function entriesOf(value: unknown, path: string): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Mismatch(path, 'an object', value);
  return Object.entries(value);
}
