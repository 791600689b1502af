/** A prefix code as a table over the next bits: symbol · 16 + how many bits its word has, 0 where no word begins so. */
type PrefixCode = Uint16Array;

/** the order in which a dynamic block lists the lengths of the code for code lengths */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** What reads a stream bit by bit. @throws RangeError where it is damaged: a word that none begins with, or its end */
interface BitReader {
  demand(holds: boolean): void;
  bits(count: number): number;
  symbol(code: PrefixCode): number;
}

/**
 * The bytes of a raw deflate stream [deutsch1996], small rather than fast, for the texts of generated/:
 * its blocks have codes of their own, as wasm/build/deflate.mjs writes them; fixed codes and stored bytes count as damage.
 *
 * What it earns: the kernels are compiled synchronously, which DecompressionStream cannot serve, and these 0.9 kB (gzip; fflate's
 * inflateSync takes 2.0) make a bundle of lanczos 12.9 kB and one of autodiff 17.1 kB smaller than plain base64 would, for some
 * 7 ms at the first use (fflate's 8 ms, plain base64's 2 ms, for all kernels on Node 20).
 *
 * @param length how many bytes come out
 * @param dictionary what the stream may copy from besides its own output
 * @throws RangeError if the stream is damaged or of another length
 */
export function inflate(input: Uint8Array, length: number, dictionary: Uint8Array = new Uint8Array(0)): Uint8Array {
  const out = new Uint8Array(dictionary.length + length);
  out.set(dictionary);
  let end = dictionary.length;
  const reader = bitReader(input);
  const { demand, bits, symbol } = reader;
  let last = false;
  while (!last) {
    last = bits(1) === 1;
    demand(bits(2) === 2);
    const [literals, distances] = blockCodes(reader);
    for (let next = symbol(literals); next !== 256; next = symbol(literals)) {
      if (next < 256) {
        demand(end < out.length);
        out[end++] = next;
      } else {
        const size = 3 + (next === 285 ? 255 : grouped(reader, next - 257, 2));
        const back = 1 + grouped(reader, symbol(distances), 1);
        demand(back <= end && end + size <= out.length);
        if (back >= size) out.copyWithin(end, end - back, end - back + size);
        else for (let i = 0; i < size; i++) out[end + i] = out[end + i - back]!;
        end += size;
      }
    }
  }
  demand(end === out.length);
  return out.slice(dictionary.length);
}

function bitReader(input: Uint8Array): BitReader {
  let position = 0; // in bits
  const demand = (holds: boolean): void => {
    if (!holds) throw new RangeError(`inflate: damaged stream at bit ${position} of ${8 * input.length}`);
  };
  // at least 17 bits from the position on; zeros behind the end, which demand() sees
  const ahead = (): number => {
    const i = position >> 3;
    return (input[i]! | (input[i + 1]! << 8) | (input[i + 2]! << 16)) >>> (position & 7);
  };
  return {
    demand,
    bits(count) {
      const value = ahead() & ((1 << count) - 1);
      position += count;
      demand(position <= 8 * input.length);
      return value;
    },
    symbol(code) {
      const entry = code[ahead() & (code.length - 1)]!;
      position += entry & 15;
      demand(entry > 0 && position <= 8 * input.length);
      return entry >> 4;
    },
  };
}

/** Lengths and distances come in groups of 2^m equal steps, and the step doubles from group to group. */
function grouped({ bits }: BitReader, k: number, m: number): number {
  const extra = (k >> m) - 1;
  return extra < 1 ? k : (((1 << m) + (k & ((1 << m) - 1))) << extra) + bits(extra);
}

/** The codes of a block's literals and lengths, and of its distances: their words' lengths come in a code themselves. */
function blockCodes({ bits, symbol }: BitReader): readonly [PrefixCode, PrefixCode] {
  const literals = 257 + bits(5);
  const count = literals + 1 + bits(5);
  const used = 4 + bits(4);
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
  return [prefixCode(lengths.slice(0, literals)), prefixCode(lengths.slice(literals))];
}

/** The canonical code with words of these lengths, 0 for symbols without a word. */
function prefixCode(lengths: readonly number[]): PrefixCode {
  const longest = Math.max(...lengths);
  const table = new Uint16Array(1 << longest);
  let word = 0;
  for (let size = 1; size <= longest; size++, word *= 2) {
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] !== size) continue;
      // words come with their first bit lowest
      let start = 0;
      for (let bit = 0; bit < size; bit++) start |= ((word >> bit) & 1) << (size - 1 - bit);
      for (let i = start; i < table.length; i += 1 << size) table[i] = (symbol << 4) | size;
      word += 1;
    }
  }
  return table;
}
