// Raw deflate streams [deutsch1996], 3 to 7 % smaller than zlib's at level 9 (0.4 kB of a bundle of lanczos, which would be over its
// 40 kB without, 0.8 kB of one of autodiff): one block, whose copies and literals are a shortest path
// under the code that the path before led to, a few rounds over. A second for 30 kB; for bytes written once and sent often.

const LONGEST = 258;
/** how far back a copy reaches */
export const WINDOW = 32768;
const ROUNDS = 20;
/** code-length symbols in the order in which a block lists them */
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

// first length or distance of each symbol, and how many bits follow it
const ranges = (first, extras) => {
  let next = first;
  return extras.map((extra) => {
    const range = { base: next, extra };
    next += 1 << extra;
    return range;
  });
};
const LENGTHS = ranges(
  3,
  Array.from({ length: 28 }, (_, i) => (i < 8 ? 0 : (i >> 2) - 1)),
);
LENGTHS.push({ base: LONGEST, extra: 0 });
const DISTANCES = ranges(
  1,
  Array.from({ length: 30 }, (_, i) => (i < 4 ? 0 : (i >> 1) - 1)),
);
const symbolTable = (symbols, size) => {
  const table = new Uint8Array(size + 1);
  symbols.forEach(({ base }, symbol) => table.fill(symbol, base));
  return table;
};
const LENGTH_SYMBOL = symbolTable(LENGTHS, LONGEST);
const DISTANCE_SYMBOL = symbolTable(DISTANCES, WINDOW);

/** The raw deflate stream of `bytes`, which may copy from `dictionary`. */
export function deflate(bytes, dictionary = new Uint8Array()) {
  const all = Buffer.concat([dictionary.subarray(Math.max(0, dictionary.length - WINDOW)), bytes]);
  const start = all.length - bytes.length;
  const matches = findMatches(all, start);
  let costs = { literals: new Float64Array(286).fill(8), distances: new Float64Array(30).fill(5) };
  let best;
  for (let round = 0; round < ROUNDS; round++) {
    const path = shortestPath(all, start, matches, costs);
    const block = writeBlock(path);
    if (best === undefined || block.length < best.length) best = block;
    costs = costsOf(path);
  }
  return best;
}

/** For each position the nearest distance of a copy of each length from 3 on: matches[i][length - 3]. */
function findMatches(all, start) {
  const heads = new Map();
  const previous = new Int32Array(all.length).fill(-1);
  const matches = [];
  for (let i = 0; i < all.length; i++) {
    const key = i + 2 < all.length ? (all[i] << 16) | (all[i + 1] << 8) | all[i + 2] : -1;
    const found = [];
    if (key >= 0) {
      previous[i] = heads.get(key) ?? -1;
      heads.set(key, i);
      const most = Math.min(LONGEST, all.length - i);
      let at = i < start ? -1 : previous[i];
      while (at >= 0 && i - at <= WINDOW && found.length + 2 < most) {
        // only what is longer than all nearer copies
        if (all[at + found.length + 2] === all[i + found.length + 2]) {
          let length = 3;
          while (length < most && all[at + length] === all[i + length]) length++;
          while (found.length < length - 2) found.push(i - at);
        }
        at = previous[at];
      }
    }
    if (i >= start) matches.push(found);
  }
  return matches;
}

/** The cheapest sequence of literals { symbol } and copies { symbol, length, distance }. */
function shortestPath(all, start, matches, { literals, distances }) {
  const n = all.length - start;
  const cost = new Float64Array(n + 1).fill(Infinity);
  const by = new Uint16Array(n + 1);
  cost[0] = 0;
  const lengthCost = Array.from({ length: LONGEST + 1 }, (_, length) =>
    length < 3 ? 0 : literals[257 + LENGTH_SYMBOL[length]] + LENGTHS[LENGTH_SYMBOL[length]].extra,
  );
  for (let i = 0; i < n; i++) {
    const literal = cost[i] + literals[all[start + i]];
    if (literal < cost[i + 1]) {
      cost[i + 1] = literal;
      by[i + 1] = 1;
    }
    const found = matches[i];
    for (let k = 0; k < found.length; k++) {
      const symbol = DISTANCE_SYMBOL[found[k]];
      const copy = cost[i] + lengthCost[k + 3] + distances[symbol] + DISTANCES[symbol].extra;
      if (copy < cost[i + k + 3]) {
        cost[i + k + 3] = copy;
        by[i + k + 3] = k + 3;
      }
    }
  }
  const path = [];
  for (let i = n; i > 0; i -= by[i]) {
    const length = by[i];
    if (length === 1) path.push({ symbol: all[start + i - 1] });
    else path.push({ symbol: 257 + LENGTH_SYMBOL[length], length, distance: matches[i - length][length - 3] });
  }
  path.reverse();
  path.push({ symbol: 256 });
  return path;
}

function countsOf(path) {
  const literals = new Float64Array(286);
  const distances = new Float64Array(30);
  for (const { symbol, distance } of path) {
    literals[symbol]++;
    if (distance !== undefined) distances[DISTANCE_SYMBOL[distance]]++;
  }
  return { literals, distances };
}

/** Bits per symbol by its share; symbols that did not occur count half. */
function costsOf(path) {
  const { literals, distances } = countsOf(path);
  const bits = (counts) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return counts.map((count) => Math.log2(Math.max(total, 1) / Math.max(count, 0.5)));
  };
  return { literals: bits(literals), distances: bits(distances) };
}

/** Lengths of a Huffman code of at most `limit` bits: two lightest trees join; where it gets too deep, with flatter weights. */
function codeLengths(counts, limit) {
  const lengths = new Uint8Array(counts.length);
  for (let floor = 1; ; floor *= 2) {
    let trees = [...counts.keys()]
      .filter((symbol) => counts[symbol] > 0)
      .map((symbol) => ({ weight: Math.max(counts[symbol], floor), symbols: [symbol] }));
    lengths.fill(0);
    if (trees.length === 1) lengths[trees[0].symbols[0]] = 1;
    while (trees.length > 1) {
      trees.sort((a, b) => a.weight - b.weight || a.symbols.length - b.symbols.length);
      const [a, b] = trees;
      const symbols = [...a.symbols, ...b.symbols];
      for (const symbol of symbols) lengths[symbol]++;
      trees = [...trees.slice(2), { weight: a.weight + b.weight, symbols }];
    }
    if (lengths.every((length) => length <= limit)) return lengths;
  }
}

/** Codes in canonical order, bits reversed as the stream wants them. */
function codesOf(lengths) {
  const codes = new Uint16Array(lengths.length);
  let code = 0;
  for (let length = 1; length <= 15; length++) {
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] !== length) continue;
      for (let bit = 0; bit < length; bit++) codes[symbol] |= ((code >> bit) & 1) << (length - 1 - bit);
      code++;
    }
    code <<= 1;
  }
  return codes;
}

/** Runs of code lengths: 16 repeats the last 3 to 6 times, 17 and 18 stand for 3 to 10 and 11 to 138 zeros. */
function runs(lengths) {
  const out = [];
  for (let i = 0; i < lengths.length; ) {
    let run = 1;
    while (i + run < lengths.length && lengths[i + run] === lengths[i]) run++;
    const value = lengths[i];
    i += run;
    if (value !== 0) {
      out.push({ symbol: value });
      run--;
    }
    while (run >= 3) {
      // 7 and 8 as two runs: a rest of 1 or 2 would cost codes of its own
      const taken = value === 0 ? Math.min(run, 138) : run === 7 || run === 8 ? run - 3 : Math.min(run, 6);
      if (value !== 0) out.push({ symbol: 16, bits: 2, extra: taken - 3 });
      else if (taken < 11) out.push({ symbol: 17, bits: 3, extra: taken - 3 });
      else out.push({ symbol: 18, bits: 7, extra: taken - 11 });
      run -= taken;
    }
    for (; run > 0; run--) out.push({ symbol: value });
  }
  return out;
}

/** The last block of a stream, with a code of its own. */
function writeBlock(path) {
  const counts = countsOf(path);
  const literals = codeLengths(counts.literals, 15);
  const distances = codeLengths(counts.distances, 15);
  if (distances.every((length) => length === 0)) distances[0] = 1;
  const used = (lengths, least) => Math.max(least, lengths.findLastIndex((length) => length > 0) + 1);
  const [literalCount, distanceCount] = [used(literals, 257), used(distances, 1)];
  const header = runs([...literals.subarray(0, literalCount), ...distances.subarray(0, distanceCount)]);
  const headerCounts = new Float64Array(19);
  for (const { symbol } of header) headerCounts[symbol]++;
  const headerLengths = codeLengths(headerCounts, 7);
  const headerCount = Math.max(4, LENGTH_ORDER.findLastIndex((symbol) => headerLengths[symbol] > 0) + 1);

  const out = [];
  let pending = 0;
  let filled = 0;
  const put = (value, bits) => {
    pending |= value << filled;
    for (filled += bits; filled >= 8; filled -= 8) {
      out.push(pending & 255);
      pending >>>= 8;
    }
  };
  put(5, 3);
  put(literalCount - 257, 5);
  put(distanceCount - 1, 5);
  put(headerCount - 4, 4);
  for (const symbol of LENGTH_ORDER.slice(0, headerCount)) put(headerLengths[symbol], 3);
  const headerCodes = codesOf(headerLengths);
  for (const { symbol, bits = 0, extra = 0 } of header) {
    put(headerCodes[symbol], headerLengths[symbol]);
    put(extra, bits);
  }
  const [literalCodes, distanceCodes] = [codesOf(literals), codesOf(distances)];
  for (const { symbol, length, distance } of path) {
    put(literalCodes[symbol], literals[symbol]);
    if (length === undefined) continue;
    const range = LENGTHS[symbol - 257];
    put(length - range.base, range.extra);
    const far = DISTANCE_SYMBOL[distance];
    put(distanceCodes[far], distances[far]);
    put(distance - DISTANCES[far].base, DISTANCES[far].extra);
  }
  if (filled > 0) out.push(pending & 255);
  return Buffer.from(out);
}
