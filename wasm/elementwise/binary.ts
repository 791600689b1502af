// out ← f(x, y) for the seven functions below with their scalar, row and column variants; T is f32 or f64, any alignment, out may
// be an input. Row and column variants run the plain loops once per row, unless rows are whole blocks. Twin: src/twin/binary.ts.
// Bytes per element: 3 sizeof(T), 2 sizeof(T) with a scalar.

import { loadPart, storePart } from '../lanes';

const WIDEST: usize = 512;
const ROWS: i32 = 32;

// oxlint-disable typescript/no-extraneous-class
// tags: one empty class per function, compared at compile time
class Add {}
class Sub {}
class Mul {}
class Div {}
class Max {}
class Min {}
class Greater {}

function apply<T, F>(x: v128, y: v128): v128 {
  if (idof<F>() == idof<Add>()) return v128.add<T>(x, y);
  if (idof<F>() == idof<Sub>()) return v128.sub<T>(x, y);
  if (idof<F>() == idof<Mul>()) return v128.mul<T>(x, y);
  if (idof<F>() == idof<Div>()) return v128.div<T>(x, y);
  if (idof<F>() == idof<Max>()) return v128.max<T>(x, y);
  if (idof<F>() == idof<Min>()) return v128.min<T>(x, y);
  return v128.and(v128.gt<T>(x, y), v128.splat<T>(1));
}

// Four vectors a turn: 1.4 to 1.7 times one.
function map<T, F>(n: i32, x: usize, y: usize, out: usize): void {
  const lanes = <i32>(16 / sizeof<T>());
  for (; n >= lanes << 2; n -= lanes << 2) {
    const z0 = apply<T, F>(v128.load(x), v128.load(y));
    const z1 = apply<T, F>(v128.load(x, 16), v128.load(y, 16));
    const z2 = apply<T, F>(v128.load(x, 32), v128.load(y, 32));
    const z3 = apply<T, F>(v128.load(x, 48), v128.load(y, 48));
    v128.store(out, z0);
    v128.store(out, z1, 16);
    v128.store(out, z2, 32);
    v128.store(out, z3, 48);
    x += 64;
    y += 64;
    out += 64;
  }
  for (; n >= lanes; n -= lanes) {
    v128.store(out, apply<T, F>(v128.load(x), v128.load(y)));
    x += 16;
    y += 16;
    out += 16;
  }
  if (n > 0) storePart<T>(n, apply<T, F>(loadPart<T>(n, x), loadPart<T>(n, y)), out);
}

function mapScalar<T, F>(n: i32, x: usize, alpha: T, out: usize): void {
  const lanes = <i32>(16 / sizeof<T>());
  const y = v128.splat<T>(alpha);
  for (; n >= lanes; n -= lanes) {
    v128.store(out, apply<T, F>(v128.load(x), y));
    x += 16;
    out += 16;
  }
  if (n > 0) storePart<T>(n, apply<T, F>(loadPart<T>(n, x), y), out);
}

function mapOfScalar<T, F>(n: i32, alpha: T, x: usize, out: usize): void {
  const lanes = <i32>(16 / sizeof<T>());
  const y = v128.splat<T>(alpha);
  for (; n >= lanes; n -= lanes) {
    v128.store(out, apply<T, F>(y, v128.load(x)));
    x += 16;
    out += 16;
  }
  if (n > 0) storePart<T>(n, apply<T, F>(y, loadPart<T>(n, x)), out);
}

function mapRow<T, F>(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  if (n == 1) return mapScalar<T, F>(m, x, load<T>(y), out);
  const stride = <usize>n * sizeof<T>();
  if ((stride & 63) == 0 && stride <= WIDEST) return mapBlocks<T, F>(m, stride, x, y, out);
  for (; m > 0; --m) {
    map<T, F>(n, x, y, out);
    x += stride;
    out += stride;
  }
}

// Rows of up to WIDEST bytes, the channels of a network, by blocks of 64 bytes that go down ROWS rows with y in registers.
function mapBlocks<T, F>(m: i32, stride: usize, x: usize, y: usize, out: usize): void {
  for (; m > 0; m -= ROWS) {
    for (let j: usize = 0; j < stride; j += 64) mapBlock<T, F>(min(m, ROWS), stride, x + j, y + j, out + j);
    x += ROWS * stride;
    out += ROWS * stride;
  }
}

function mapBlock<T, F>(m: i32, stride: usize, x: usize, y: usize, out: usize): void {
  const y0 = v128.load(y);
  const y1 = v128.load(y, 16);
  const y2 = v128.load(y, 32);
  const y3 = v128.load(y, 48);
  for (; m > 0; --m) {
    const z0 = apply<T, F>(v128.load(x), y0);
    const z1 = apply<T, F>(v128.load(x, 16), y1);
    const z2 = apply<T, F>(v128.load(x, 32), y2);
    const z3 = apply<T, F>(v128.load(x, 48), y3);
    v128.store(out, z0);
    v128.store(out, z1, 16);
    v128.store(out, z2, 32);
    v128.store(out, z3, 48);
    x += stride;
    out += stride;
  }
}

function mapColumn<T, F>(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  if (n == 1) return map<T, F>(m, x, y, out);
  const stride = <usize>n * sizeof<T>();
  for (; m > 0; --m) {
    mapScalar<T, F>(n, x, load<T>(y), out);
    x += stride;
    y += sizeof<T>();
    out += stride;
  }
}

export function add32(n: i32, x: usize, y: usize, out: usize): void {
  map<f32, Add>(n, x, y, out);
}
export function addScalar32(n: i32, x: usize, alpha: f32, out: usize): void {
  mapScalar<f32, Add>(n, x, alpha, out);
}
export function addOfScalar32(n: i32, alpha: f32, x: usize, out: usize): void {
  mapOfScalar<f32, Add>(n, alpha, x, out);
}
export function addRow32(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  mapRow<f32, Add>(m, n, x, y, out);
}
export function addColumn32(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  mapColumn<f32, Add>(m, n, x, y, out);
}

export function add64(n: i32, x: usize, y: usize, out: usize): void {
  map<f64, Add>(n, x, y, out);
}
export function addScalar64(n: i32, x: usize, alpha: f64, out: usize): void {
  mapScalar<f64, Add>(n, x, alpha, out);
}
export function addOfScalar64(n: i32, alpha: f64, x: usize, out: usize): void {
  mapOfScalar<f64, Add>(n, alpha, x, out);
}
export function addRow64(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  mapRow<f64, Add>(m, n, x, y, out);
}
export function addColumn64(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  mapColumn<f64, Add>(m, n, x, y, out);
}

export function sub32(n: i32, x: usize, y: usize, out: usize): void {
  map<f32, Sub>(n, x, y, out);
}
export function subScalar32(n: i32, x: usize, alpha: f32, out: usize): void {
  mapScalar<f32, Sub>(n, x, alpha, out);
}
export function subOfScalar32(n: i32, alpha: f32, x: usize, out: usize): void {
  mapOfScalar<f32, Sub>(n, alpha, x, out);
}
export function subRow32(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  mapRow<f32, Sub>(m, n, x, y, out);
}
export function subColumn32(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  mapColumn<f32, Sub>(m, n, x, y, out);
}

export function sub64(n: i32, x: usize, y: usize, out: usize): void {
  map<f64, Sub>(n, x, y, out);
}
export function subScalar64(n: i32, x: usize, alpha: f64, out: usize): void {
  mapScalar<f64, Sub>(n, x, alpha, out);
}
export function subOfScalar64(n: i32, alpha: f64, x: usize, out: usize): void {
  mapOfScalar<f64, Sub>(n, alpha, x, out);
}
export function subRow64(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  mapRow<f64, Sub>(m, n, x, y, out);
}
export function subColumn64(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  mapColumn<f64, Sub>(m, n, x, y, out);
}

export function mul32(n: i32, x: usize, y: usize, out: usize): void {
  map<f32, Mul>(n, x, y, out);
}
export function mulScalar32(n: i32, x: usize, alpha: f32, out: usize): void {
  mapScalar<f32, Mul>(n, x, alpha, out);
}
export function mulOfScalar32(n: i32, alpha: f32, x: usize, out: usize): void {
  mapOfScalar<f32, Mul>(n, alpha, x, out);
}
export function mulRow32(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  mapRow<f32, Mul>(m, n, x, y, out);
}
export function mulColumn32(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  mapColumn<f32, Mul>(m, n, x, y, out);
}

export function mul64(n: i32, x: usize, y: usize, out: usize): void {
  map<f64, Mul>(n, x, y, out);
}
export function mulScalar64(n: i32, x: usize, alpha: f64, out: usize): void {
  mapScalar<f64, Mul>(n, x, alpha, out);
}
export function mulOfScalar64(n: i32, alpha: f64, x: usize, out: usize): void {
  mapOfScalar<f64, Mul>(n, alpha, x, out);
}
export function mulRow64(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  mapRow<f64, Mul>(m, n, x, y, out);
}
export function mulColumn64(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  mapColumn<f64, Mul>(m, n, x, y, out);
}

export function div32(n: i32, x: usize, y: usize, out: usize): void {
  map<f32, Div>(n, x, y, out);
}
export function divScalar32(n: i32, x: usize, alpha: f32, out: usize): void {
  mapScalar<f32, Div>(n, x, alpha, out);
}
export function divOfScalar32(n: i32, alpha: f32, x: usize, out: usize): void {
  mapOfScalar<f32, Div>(n, alpha, x, out);
}
export function divRow32(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  mapRow<f32, Div>(m, n, x, y, out);
}
export function divColumn32(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  mapColumn<f32, Div>(m, n, x, y, out);
}

export function div64(n: i32, x: usize, y: usize, out: usize): void {
  map<f64, Div>(n, x, y, out);
}
export function divScalar64(n: i32, x: usize, alpha: f64, out: usize): void {
  mapScalar<f64, Div>(n, x, alpha, out);
}
export function divOfScalar64(n: i32, alpha: f64, x: usize, out: usize): void {
  mapOfScalar<f64, Div>(n, alpha, x, out);
}
export function divRow64(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  mapRow<f64, Div>(m, n, x, y, out);
}
export function divColumn64(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  mapColumn<f64, Div>(m, n, x, y, out);
}

export function max32(n: i32, x: usize, y: usize, out: usize): void {
  map<f32, Max>(n, x, y, out);
}
export function maxScalar32(n: i32, x: usize, alpha: f32, out: usize): void {
  mapScalar<f32, Max>(n, x, alpha, out);
}
export function maxOfScalar32(n: i32, alpha: f32, x: usize, out: usize): void {
  mapOfScalar<f32, Max>(n, alpha, x, out);
}
export function maxRow32(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  mapRow<f32, Max>(m, n, x, y, out);
}
export function maxColumn32(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  mapColumn<f32, Max>(m, n, x, y, out);
}

export function max64(n: i32, x: usize, y: usize, out: usize): void {
  map<f64, Max>(n, x, y, out);
}
export function maxScalar64(n: i32, x: usize, alpha: f64, out: usize): void {
  mapScalar<f64, Max>(n, x, alpha, out);
}
export function maxOfScalar64(n: i32, alpha: f64, x: usize, out: usize): void {
  mapOfScalar<f64, Max>(n, alpha, x, out);
}
export function maxRow64(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  mapRow<f64, Max>(m, n, x, y, out);
}
export function maxColumn64(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  mapColumn<f64, Max>(m, n, x, y, out);
}

export function min32(n: i32, x: usize, y: usize, out: usize): void {
  map<f32, Min>(n, x, y, out);
}
export function minScalar32(n: i32, x: usize, alpha: f32, out: usize): void {
  mapScalar<f32, Min>(n, x, alpha, out);
}
export function minOfScalar32(n: i32, alpha: f32, x: usize, out: usize): void {
  mapOfScalar<f32, Min>(n, alpha, x, out);
}
export function minRow32(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  mapRow<f32, Min>(m, n, x, y, out);
}
export function minColumn32(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  mapColumn<f32, Min>(m, n, x, y, out);
}

export function min64(n: i32, x: usize, y: usize, out: usize): void {
  map<f64, Min>(n, x, y, out);
}
export function minScalar64(n: i32, x: usize, alpha: f64, out: usize): void {
  mapScalar<f64, Min>(n, x, alpha, out);
}
export function minOfScalar64(n: i32, alpha: f64, x: usize, out: usize): void {
  mapOfScalar<f64, Min>(n, alpha, x, out);
}
export function minRow64(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  mapRow<f64, Min>(m, n, x, y, out);
}
export function minColumn64(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  mapColumn<f64, Min>(m, n, x, y, out);
}

export function greater32(n: i32, x: usize, y: usize, out: usize): void {
  map<f32, Greater>(n, x, y, out);
}
export function greaterScalar32(n: i32, x: usize, alpha: f32, out: usize): void {
  mapScalar<f32, Greater>(n, x, alpha, out);
}
export function greaterOfScalar32(n: i32, alpha: f32, x: usize, out: usize): void {
  mapOfScalar<f32, Greater>(n, alpha, x, out);
}
export function greaterRow32(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  mapRow<f32, Greater>(m, n, x, y, out);
}
export function greaterColumn32(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  mapColumn<f32, Greater>(m, n, x, y, out);
}

export function greater64(n: i32, x: usize, y: usize, out: usize): void {
  map<f64, Greater>(n, x, y, out);
}
export function greaterScalar64(n: i32, x: usize, alpha: f64, out: usize): void {
  mapScalar<f64, Greater>(n, x, alpha, out);
}
export function greaterOfScalar64(n: i32, alpha: f64, x: usize, out: usize): void {
  mapOfScalar<f64, Greater>(n, alpha, x, out);
}
export function greaterRow64(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  mapRow<f64, Greater>(m, n, x, y, out);
}
export function greaterColumn64(m: i32, n: i32, x: usize, y: usize, out: usize): void {
  mapColumn<f64, Greater>(m, n, x, y, out);
}
