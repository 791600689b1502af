import { refuse } from '@hyperribbon/contract';

/** The parts of an architecture's text after its family, read one by one. Every method throws an ArgumentError that shows the whole text. */
export interface Parts {
  readonly count: number;
  /** the part as it stands; undefined where it is left off */
  text(part: number): string | undefined;
  /** whole numbers ≥ 1 of a part, as many as `words` says where it does */
  integers(part: number, name: string, count?: number, words?: string): number[] | undefined;
  /** one whole number ≥ 1 */
  integer(part: number, name: string): number | undefined;
  /** `key=value,key=value` of the last part, read by those who know the keys */
  options<T extends object>(readers: { readonly [K in keyof T]: (value: string) => T[K] | undefined }): Partial<T>;
  expected(what: string): never;
}

/** @param parts what stands between the colons */
export function partsOf(text: string, parts: readonly string[]): Parts {
  const expected = (what: string): never => refuse('parseArchitecture', `expected ${what}; the text was "${text}"`);
  const last = parts.at(-1)?.includes('=') === true ? parts.at(-1)! : undefined;
  const plain = last === undefined ? parts : parts.slice(0, -1);
  const integers: Parts['integers'] = (part, name, count, words = '') => {
    const values = plain[part]?.split(',').map((item) => (/^\s*\d+\s*$/.test(item) ? Number(item) : Number.NaN));
    if (values?.some((value) => !Number.isSafeInteger(value) || value < 1)) {
      expected(`${name} to be whole numbers ≥ 1 with commas between, got "${plain[part]}"`);
    }
    return values !== undefined && count !== undefined && values.length !== count ? expected(words) : values;
  };
  return {
    count: plain.length,
    text: (part) => plain[part],
    integers,
    integer: (part, name) => integers(part, name, 1, `one number of ${name}`)?.[0],
    options(readers) {
      const found = (last?.split(',') ?? []).map((item) => {
        const [key, ...rest] = item.split('=');
        if (!Object.hasOwn(readers, key) || rest.length !== 1)
          return expected(
            `options among ${Object.keys(readers).join(', ')}, such as ${Object.keys(readers)[0]}=…, got "${item}"`,
          );
        const value = readers[key as keyof typeof readers](rest[0]);
        return value === undefined ? expected(`another value of ${key}, got "${rest[0]}"`) : ([key, value] as const);
      });
      if (new Set(found.map(([key]) => key)).size < found.length) expected('each option once');
      return Object.fromEntries(found) as never;
    },
    expected,
  };
}

/** true and false */
export function yesOrNo(value: string): boolean | undefined {
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

/** A number above 0. */
export function positiveNumber(value: string): number | undefined {
  const number = value.trim() === '' ? Number.NaN : Number(value);
  return number > 0 && Number.isFinite(number) ? number : undefined;
}

/** A whole number of at least 1. */
export function wholeNumber(value: string): number | undefined {
  const number = positiveNumber(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** One of some words. */
export function word<const T extends string>(...words: readonly T[]): (value: string) => T | undefined {
  return (value) => words.find((known) => known === value);
}
