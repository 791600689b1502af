// One hash over the bits of every scalar function and of every map of the kernels at 20,000 seeded inputs, NaN made canonical.
//   node packages/kernels/test/digest.mjs     (or deno run --allow-read, or bun; after `tsc -b packages/kernels`)
// prints the hash of each function and of all; digest.json holds the committed ones. Every runtime must print the same.

/** @returns {() => number} unsigned 32-bit integers (mulberry32) */
function seeded(seed) {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}

/** n doubles: a quarter of them any bit pattern, the others uniform in (−4, 4), (−800, 800) and (0, 2) */
export function digestInputs(n, seed) {
  const next = seeded(seed);
  const out = new Float64Array(n);
  const words = new Uint32Array(out.buffer);
  for (let i = 0; i < n; i++) {
    const kind = next() & 3;
    if (kind === 0) {
      words[2 * i] = next();
      words[2 * i + 1] = next();
    } else {
      const u = next() / 2 ** 31;
      out[i] = kind === 1 ? 4 * (u - 1) : kind === 2 ? 800 * (u - 1) : u;
    }
  }
  return out;
}

/** 64-bit FNV-1a over 32-bit words, as 16 hex digits */
export function hashWords(words) {
  let low = 0x84222325;
  let high = 0xcbf29ce4;
  for (const word of words) {
    low = (low ^ word) >>> 0;
    // times 2^40 + 0x1b3, in 16-bit pieces
    const a = (low & 0xffff) * 0x1b3;
    const b = (low >>> 16) * 0x1b3 + Math.floor(a / 65536);
    const carry = Math.floor(b / 65536);
    high = (Math.imul(high, 0x1b3) + carry + (low << 8)) >>> 0;
    low = (((b & 0xffff) << 16) | (a & 0xffff)) >>> 0;
  }
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}

/** the bits of numbers with one NaN for all NaNs */
export function canonicalWords(values) {
  const copy = values.slice();
  const words = new Uint32Array(copy.buffer, copy.byteOffset, copy.byteLength / 4);
  const perElement = copy.BYTES_PER_ELEMENT / 4;
  for (let i = 0; i < copy.length; i++) {
    if (copy[i] !== copy[i]) {
      for (let j = 0; j < perElement; j++) words[i * perElement + j] = 0;
      words[i * perElement + perElement - 1] = perElement === 2 ? 0x7ff80000 : 0x7fc00000;
    }
  }
  return words;
}

const N = 20000;
const SCALARS =
  'asinh atan cos digamma erf erfc erfinv exp expm1 gaussian gelu lgamma log log1mexp log1p logNormalCdf logcosh logsigmoid normalCdf normalPdf normalQuantile pow sech2 sigmoid sin softplus tanh trigamma'.split(
    ' ',
  );

/**
 * @param kernels the module @hyperribbon/kernels
 * @returns {Record<string, string>} name → hash
 */
export function digest(kernels) {
  const x = digestInputs(N, 1);
  const y = digestInputs(N, 2);
  const result = {};
  for (const name of SCALARS) {
    const f = kernels[name];
    result[name] = hashWords(canonicalWords(Float64Array.from(x, (v, i) => f(v, y[i]))));
  }
  for (const engine of ['wasm', 'typescript']) {
    const space = kernels.createWorkspace({ bytes: 1 << 19, deterministic: true, engine });
    const [p, q, out] = [space.allocate(8 * N), space.allocate(8 * N), space.allocate(8 * N)];
    for (const dtype of ['float32', 'float64']) {
      const view = (pointer) => (dtype === 'float32' ? space.float32View(pointer, N) : space.float64View(pointer, N));
      const kernel = space[dtype];
      const hashes = [];
      const record = (run) => {
        view(p).set(x);
        view(q).set(y);
        run();
        hashes.push(hashWords(canonicalWords(view(out))));
      };
      for (const name of Object.keys(kernel.unary).sort()) record(() => kernel.unary[name](N, p, out));
      for (const name of Object.keys(kernel.binary).sort()) record(() => kernel.binary[name](N, p, q, out));
      for (const name of ['softmaxRows', 'logSoftmaxRows']) record(() => kernel[name](200, 100, p, out));
      result[`maps ${dtype} ${engine}`] = hashWords(
        hashes.flatMap((h) => [parseInt(h.slice(0, 8), 16), parseInt(h.slice(8), 16)]),
      );
    }
  }
  result['all'] = hashWords(
    Object.values(result).flatMap((h) => [parseInt(h.slice(0, 8), 16), parseInt(h.slice(8), 16)]),
  );
  return result;
}

const main = globalThis.process?.argv[1] ?? '';
if (import.meta.main ?? main.endsWith('digest.mjs')) {
  console.log(JSON.stringify(digest(await import('../dist/index.js')), null, 2));
}
