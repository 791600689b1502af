import { CertificateError } from './certificateError.js';

/** Throws CertificateError if a value has another shape. */
export type Shape = (value: unknown, path: string) => void;

function show(value: unknown): string {
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return `${typeof value} ${shown.length > 60 ? `${shown.slice(0, 57)}...` : shown}`;
}

/** What a terminal or a reader cannot see: control and formatting characters, line and paragraph separators. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

export function text(maxLength = 2000): Shape {
  return (value, path) => {
    if (typeof value !== 'string' || value.length > maxLength)
      throw new CertificateError(path, `must be a string of at most ${maxLength} characters, got ${show(value)}`);
    if (invisible.test(value))
      throw new CertificateError(path, `must have no invisible characters, got ${show(value)}`);
  };
}

/** A text with something in it. */
export function name(maxLength = 300): Shape {
  return (value, path) => {
    text(maxLength)(value, path);
    if (value === '') throw new CertificateError(path, 'must be a name, got an empty string');
  };
}

export const number: Shape = (value, path) => {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new CertificateError(path, `must be a finite number, got ${show(value)}`);
};

export function integer(low: number, high: number = Number.MAX_SAFE_INTEGER): Shape {
  return (value, path) => {
    if (!Number.isSafeInteger(value) || (value as number) < low || (value as number) > high)
      throw new CertificateError(path, `must be a whole number in [${low}, ${high}], got ${show(value)}`);
  };
}

export const boolean: Shape = (value, path) => {
  if (typeof value !== 'boolean') throw new CertificateError(path, `must be true or false, got ${show(value)}`);
};

export function oneOf(...members: readonly (string | number)[]): Shape {
  return (value, path) => {
    if (!members.includes(value as string | number))
      throw new CertificateError(path, `must be one of ${members.join(', ')}, got ${show(value)}`);
  };
}

export function list(item: Shape, maxLength: number): Shape {
  return (value, path) => {
    if (!Array.isArray(value) || value.length > maxLength)
      throw new CertificateError(path, `must be a list of at most ${maxLength}, got ${show(value)}`);
    value.forEach((element, i) => item(element, `${path}[${i}]`));
  };
}

export function pair(item: Shape): Shape {
  return (value, path) => {
    if (!Array.isArray(value) || value.length !== 2)
      throw new CertificateError(path, `must be a pair, got ${show(value)}`);
    value.forEach((element, i) => item(element, `${path}[${i}]`));
  };
}

/** Exactly these keys: one more would be a claim that nobody checks. */
export function record(required: Record<string, Shape>, optional: Record<string, Shape> = {}): Shape {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new CertificateError(path, `must be an object, got ${show(value)}`);
    const members = new Map(Object.entries(value));
    for (const key of Object.keys(required))
      if (!members.has(key)) throw new CertificateError(path, `must have ${key}, which is missing`);
    for (const [key, member] of members) {
      const shape = Object.hasOwn(required, key)
        ? required[key]
        : Object.hasOwn(optional, key)
          ? optional[key]
          : undefined;
      if (shape === undefined)
        throw new CertificateError(path, `has ${JSON.stringify(key)}, which this version does not know`);
      shape(member, `${path}.${key}`);
    }
  };
}

/** Records told apart by one key. */
export function either(key: string, shapes: Readonly<Record<string, Shape>>): Shape {
  return (value, path) => {
    if (typeof value !== 'object' || value === null)
      throw new CertificateError(path, `must be an object, got ${show(value)}`);
    const tag: unknown = new Map(Object.entries(value)).get(key);
    oneOf(...Object.keys(shapes))(tag, `${path}.${key}`);
    shapes[tag as string](value, path);
  };
}
