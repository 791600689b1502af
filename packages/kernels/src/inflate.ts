/** A canonical prefix code: how many words of each length there are, and the symbols in the order of their words. */
interface PrefixCode {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

const LONGEST = 15;
/** the order in which a dynamic block lists the lengths of the code for code lengths */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/**
 * The bytes of a raw deflate stream [deutsch1996], bit by bit: small rather than fast, for the texts of generated/.
 *
 * @param length how many bytes come out
 * @param dictionary what the stream may copy from besides its own output
 * @throws RangeError if the stream is damaged or of another length
 */
export function inflate(
  input: Uint8Array,
  length: number,
  dictionary: Uint8Array = new Uint8Array(0),
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(dictionary.length + length);
  out.set(dictionary);
  let end = dictionary.length;
  let position = 0; // in bits
  const demand = (holds: boolean): void => {
    if (!holds) throw new RangeError(`inflate: damaged stream at bit ${position} of ${8 * input.length}`);
  };
  const bits = (count: number): number => {
    let value = 0;
    demand(position + count <= 8 * input.length);
    for (let i = 0; i < count; i++, position++) value |= ((input[position >> 3]! >> (position & 7)) & 1) << i;
    return value;
  };
  const symbol = ({ counts, symbols }: PrefixCode): number => {
    let [word, first, index] = [0, 0, 0];
    for (let size = 1; size <= LONGEST; size++) {
      word = 2 * word + bits(1);
      first *= 2;
      const count = counts[size]!;
      if (word - first < count) return symbols[index + word - first]!;
      index += count;
      first += count;
    }
    throw new RangeError(`inflate: no such word at bit ${position} of ${8 * input.length}`);
  };
  // Lengths and distances come in groups of 2^m equal steps, and the step doubles from group to group.
  const grouped = (k: number, m: number): number => {
    const extra = (k >> m) - 1;
    return extra < 1 ? k : (((1 << m) + (k & ((1 << m) - 1))) << extra) + bits(extra);
  };
  const block = (literals: PrefixCode, distances: PrefixCode): void => {
    for (let next = symbol(literals); next !== 256; next = symbol(literals)) {
      if (next < 256) {
        demand(end < out.length);
        out[end++] = next;
      } else {
        const size = 3 + (next === 285 ? 255 : grouped(next - 257, 2));
        const back = 1 + grouped(symbol(distances), 1);
        demand(back <= end && end + size <= out.length);
        for (const stop = end + size; end < stop; end++) out[end] = out[end - back]!;
      }
    }
  };
  const dynamicLengths = (count: number, used: number): number[] => {
    const own = Array.from({ length: 19 }, () => 0);
    for (let i = 0; i < used; i++) own[ORDER[i]!] = bits(3);
    const code = prefixCode(own);
    const lengths: number[] = [];
    while (lengths.length < count) {
      const next = symbol(code);
      if (next < 16) lengths.push(next);
      else {
        const repeated = next === 16 ? (lengths.at(-1) ?? 0) : 0;
        const times = next === 16 ? 3 + bits(2) : next === 17 ? 3 + bits(3) : 11 + bits(7);
        for (let i = 0; i < times; i++) lengths.push(repeated);
      }
    }
    return lengths;
  };
  let last = false;
  while (!last) {
    last = bits(1) === 1;
    const kind = bits(2);
    if (kind === 0) {
      position = (position + 7) & ~7;
      const size = bits(16);
      demand(bits(16) === (size ^ 0xffff) && end + size <= out.length);
      for (let i = 0; i < size; i++) out[end++] = bits(8);
    } else if (kind === 1) {
      const fixed = Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8));
      block(prefixCode(fixed), prefixCode(Array.from({ length: 30 }, () => 5)));
    } else {
      demand(kind === 2);
      const literals = 257 + bits(5);
      const distances = 1 + bits(5);
      const lengths = dynamicLengths(literals + distances, 4 + bits(4));
      block(prefixCode(lengths.slice(0, literals)), prefixCode(lengths.slice(literals)));
    }
  }
  demand(end === out.length);
  return out.slice(dictionary.length);
}

function prefixCode(lengths: readonly number[]): PrefixCode {
  const counts = new Uint16Array(LONGEST + 1);
  const symbols: number[] = [];
  for (let size = 1; size <= LONGEST; size++) {
    lengths.forEach((length, i) => {
      if (length === size) symbols.push(i);
    });
    counts[size] = lengths.filter((length) => length === size).length;
  }
  return { counts, symbols: Uint16Array.from(symbols) };
}
