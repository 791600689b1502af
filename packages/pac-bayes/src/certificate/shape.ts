import { CertificateError } from './certificateError.js';

/** Throws CertificateError if a value has another shape. */
export type Shape = (value: unknown, path: string) => void;

function show(value: unknown): string {
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return `${typeof value} ${shown.length > 60 ? `${shown.slice(0, 57)}...` : shown}`;
}

/** @param what goes on "must" */
function must(what: string, holds: (value: unknown) => boolean): Shape {
  return (value, path) => {
    if (!holds(value)) throw new CertificateError(path, `must ${what}, got ${show(value)}`);
  };
}

function all(...shapes: readonly Shape[]): Shape {
  return (value, path) => {
    for (const shape of shapes) shape(value, path);
  };
}

/** What a terminal or a reader cannot see: control and formatting characters, line and paragraph separators. */
const visible = must('have no invisible characters', (value) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(value as string));

export function text(maxLength = 2000): Shape {
  const short = (value: unknown): boolean => typeof value === 'string' && value.length <= maxLength;
  return all(must(`be a string of at most ${maxLength} characters`, short), visible);
}

/** A text with something in it. */
export function name(maxLength = 300): Shape {
  return all(
    text(maxLength),
    must('be a name', (value) => value !== ''),
  );
}

export const number: Shape = must('be a finite number', Number.isFinite);

export function integer(low: number, high: number = Number.MAX_SAFE_INTEGER): Shape {
  const within = (value: unknown): boolean =>
    Number.isSafeInteger(value) && (value as number) >= low && (value as number) <= high;
  return must(`be a whole number in [${low}, ${high}]`, within);
}

export const boolean: Shape = must('be true or false', (value) => typeof value === 'boolean');

export function oneOf(...members: readonly (string | number)[]): Shape {
  return must(`be one of ${members.join(', ')}`, (value) => members.includes(value as string | number));
}

function each(item: Shape): Shape {
  return (value, path) => (value as unknown[]).forEach((element, i) => item(element, `${path}[${i}]`));
}

export function list(item: Shape, maxLength: number): Shape {
  const short = (value: unknown): boolean => Array.isArray(value) && value.length <= maxLength;
  return all(must(`be a list of at most ${maxLength}`, short), each(item));
}

export function pair(item: Shape): Shape {
  return all(
    must('be a pair', (value) => Array.isArray(value) && value.length === 2),
    each(item),
  );
}

const isObject = must('be an object', (value) => typeof value === 'object' && value !== null && !Array.isArray(value));

/** Exactly these keys: one more would be a claim that nobody checks. */
export function record(required: Record<string, Shape>, optional: Record<string, Shape> = {}): Shape {
  const shapes = new Map([...Object.entries(required), ...Object.entries(optional)]);
  return all(isObject, (value, path) => {
    const members = new Map(Object.entries(value as object));
    for (const key of Object.keys(required))
      if (!members.has(key)) throw new CertificateError(path, `must have ${key}, which is missing`);
    for (const [key, member] of members) {
      const shape = shapes.get(key);
      if (shape === undefined)
        throw new CertificateError(path, `has ${JSON.stringify(key)}, which this version does not know`);
      shape(member, `${path}.${key}`);
    }
  });
}

/** Records told apart by one key. */
export function either(key: string, shapes: Readonly<Record<string, Shape>>): Shape {
  return all(isObject, (value, path) => {
    const tag: unknown = new Map<string, unknown>(Object.entries(value as object)).get(key);
    oneOf(...Object.keys(shapes))(tag, `${path}.${key}`);
    shapes[tag as string](value, path);
  });
}
