// Decoders for records of strangers: stricter than those of contract, which they are made of.
import { describe } from '@hyperribbon/contract';
import {
  arrayOf,
  checked,
  Mismatch,
  numberThat,
  object,
  oneOf,
  text,
  type DecodedBy,
  type Decoder,
  type ObjectOf,
} from '@hyperribbon/contract/decode';

type Shape = Parameters<typeof object>[0];

/** The properties named and no others: one more would be a claim that nobody checks. */
export function exactly<S extends Shape>(shape: S): Decoder<ObjectOf<S>> {
  const named = object(shape);
  return (value, path) => {
    const clean = named(value, path);
    for (const key of Object.keys(value as object))
      if (!Object.hasOwn(shape, key))
        throw new Mismatch(path, `without ${describe(key)}, which this version does not know`, value);
    return clean;
  };
}

/** Records told apart by their `kind`. */
export function byKind<S extends Readonly<Record<string, Decoder<unknown>>>>(
  shapes: S,
): Decoder<DecodedBy<S[keyof S]>> {
  const tagged = object({ kind: oneOf(...Object.keys(shapes)) });
  return (value, path) => shapes[tagged(value, path).kind](value, path) as DecodedBy<S[keyof S]>;
}

/** Null, said aloud: a property that is left out is an error. */
export function orNull<T>(decoder: Decoder<T>): Decoder<T | null> {
  return (value, path) => {
    if (value === undefined) throw new Mismatch(path, 'there, if only as null', value);
    return value === null ? null : decoder(value, path);
  };
}

export function listOf<T>(item: Decoder<T>, most: number): Decoder<readonly T[]> {
  const list = arrayOf(item);
  return (value, path) => {
    if (Array.isArray(value) && value.length > most) throw new Mismatch(path, `a list of at most ${most}`, value);
    return list(value, path);
  };
}

export function integer(low: number, high: number = Number.MAX_SAFE_INTEGER): Decoder<number> {
  return numberThat((x) => Number.isSafeInteger(x) && x >= low && x <= high, `a whole number in [${low}, ${high}]`);
}

/** What a terminal or a reader cannot see: control and formatting characters, line and paragraph separators. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

export function words(longest = 2000): Decoder<string> {
  return checked(text, (found, path) => {
    if (found.length > longest) throw new Mismatch(path, `a string of at most ${longest} characters`, found);
    if (invisible.test(found)) throw new Mismatch(path, 'a string without invisible characters', found);
  });
}

/** A text with something in it. */
export const name: Decoder<string> = checked(words(300), (found, path) => {
  if (found === '') throw new Mismatch(path, 'a name', found);
});
