// out_ij ← out_ij + Σ_n f(Σ_c t(a_inc, b_jnc)) for tiles of 4 × (32 bytes) models; panels, tiles and out as in logOverlaps.ts.
//   squares  t = (a − b)²                     f(x) = x
//   arcs     t = (a − b)²                     f(x) = 2 arcsin(√x / 2), the angle between unit vectors
//   jeffreys t = (a − b)(a' − b')             f(x) = x; panels alternate 32 bytes of a and 32 bytes of a'
// Sums over classes in T, class by class; sums over samples in float64, added to out at the end. 3 flops per class, pair and sample
// (jeffreys 4). Twin: src/twin/divergences.ts.
import { arc } from '../elementwise/arc';
import { multiplyAdd } from '../multiplyAdd';

// What a tile sums, told to the compiler by a type: sizeof 1, 2, 4.
type Squares = u8;
type Arcs = u16;
type Jeffreys = u32;

export function squares32(
  tiles: i32,
  samples: i32,
  classes: i32,
  a: usize,
  b: usize,
  out: usize,
  ldout: i32,
  scratch: usize,
): void {
  pairSums<f32, Squares>(tiles, samples, classes, a, b, out, ldout << 3, scratch);
}

export function squares64(
  tiles: i32,
  samples: i32,
  classes: i32,
  a: usize,
  b: usize,
  out: usize,
  ldout: i32,
  scratch: usize,
): void {
  pairSums<f64, Squares>(tiles, samples, classes, a, b, out, ldout << 3, scratch);
}

export function arcs32(
  tiles: i32,
  samples: i32,
  classes: i32,
  a: usize,
  b: usize,
  out: usize,
  ldout: i32,
  scratch: usize,
): void {
  pairSums<f32, Arcs>(tiles, samples, classes, a, b, out, ldout << 3, scratch);
}

export function arcs64(
  tiles: i32,
  samples: i32,
  classes: i32,
  a: usize,
  b: usize,
  out: usize,
  ldout: i32,
  scratch: usize,
): void {
  pairSums<f64, Arcs>(tiles, samples, classes, a, b, out, ldout << 3, scratch);
}

export function jeffreys32(
  tiles: i32,
  samples: i32,
  classes: i32,
  a: usize,
  b: usize,
  out: usize,
  ldout: i32,
  scratch: usize,
): void {
  pairSums<f32, Jeffreys>(tiles, samples, classes, a, b, out, ldout << 3, scratch);
}

export function jeffreys64(
  tiles: i32,
  samples: i32,
  classes: i32,
  a: usize,
  b: usize,
  out: usize,
  ldout: i32,
  scratch: usize,
): void {
  pairSums<f64, Jeffreys>(tiles, samples, classes, a, b, out, ldout << 3, scratch);
}

/** squared chords of a sample behind the sums of a tile */
const CHORDS: usize = 256;

function pairSums<T, K>(
  tiles: i32,
  samples: i32,
  classes: i32,
  a: usize,
  b: usize,
  out: usize,
  ldout: usize,
  scratch: usize,
): void {
  const panel = <usize>(samples * classes) * (sizeof<K>() == 4 ? 64 : 32);
  for (let tile = 0; tile < tiles; ++tile) {
    tileSums<T, K>(samples, classes, a, b, scratch);
    addTile<T>(scratch, out, ldout);
    out += ldout << 2;
    // float32: two tiles of 4 models in a panel
    if (sizeof<T>() == 8) a += panel;
    else a += (tile & 1) == 1 ? panel - 16 : 16;
  }
}

function tileSums<T, K>(samples: i32, classes: i32, a: usize, b: usize, scratch: usize): void {
  const row: usize = 256 / sizeof<T>();
  const half: usize = 128 / sizeof<T>();
  memory.fill(scratch, 0, 4 * row);
  for (; samples > 0; --samples) {
    let s00 = v128.splat<T>(0);
    let s01 = v128.splat<T>(0);
    let s10 = v128.splat<T>(0);
    let s11 = v128.splat<T>(0);
    let s20 = v128.splat<T>(0);
    let s21 = v128.splat<T>(0);
    let s30 = v128.splat<T>(0);
    let s31 = v128.splat<T>(0);
    for (let n = classes; n > 0; --n) {
      s00 = addTerm<T, K>(a, b, s00);
      s01 = addTerm<T, K>(a, b + 16, s01);
      s10 = addTerm<T, K>(a + 1 * sizeof<T>(), b, s10);
      s11 = addTerm<T, K>(a + 1 * sizeof<T>(), b + 16, s11);
      s20 = addTerm<T, K>(a + 2 * sizeof<T>(), b, s20);
      s21 = addTerm<T, K>(a + 2 * sizeof<T>(), b + 16, s21);
      s30 = addTerm<T, K>(a + 3 * sizeof<T>(), b, s30);
      s31 = addTerm<T, K>(a + 3 * sizeof<T>(), b + 16, s31);
      a += sizeof<K>() == 4 ? 64 : 32;
      b += sizeof<K>() == 4 ? 64 : 32;
    }
    takeSums<T, K>(s00, scratch);
    takeSums<T, K>(s01, scratch + half);
    takeSums<T, K>(s10, scratch + row);
    takeSums<T, K>(s11, scratch + row + half);
    takeSums<T, K>(s20, scratch + 2 * row);
    takeSums<T, K>(s21, scratch + 2 * row + half);
    takeSums<T, K>(s30, scratch + 3 * row);
    takeSums<T, K>(s31, scratch + 3 * row + half);
    if (sizeof<K>() == 2) addArcs<T>(scratch);
  }
}

function addTerm<T, K>(a: usize, b: usize, s: v128): v128 {
  const d = v128.sub<T>(v128.load_splat<T>(a), v128.load(b));
  if (sizeof<K>() != 4) return multiplyAdd<T>(d, d, s);
  return multiplyAdd<T>(d, v128.sub<T>(v128.load_splat<T>(a, 32), v128.load(b, 32)), s);
}

function takeSums<T, K>(s: v128, p: usize): void {
  if (sizeof<T>() == 8) takePair<K>(s, p);
  else {
    takePair<K>(f64x2.promote_low_f32x4(s), p);
    takePair<K>(f64x2.promote_low_f32x4(i32x4.shuffle(s, s, 2, 3, 2, 3)), p + 16);
  }
}

// Adds to the sum, or keeps for addArcs: as a call among live accumulators every arc would have them spilled.
function takePair<K>(s: v128, p: usize): void {
  if (sizeof<K>() == 2) v128.store(p, s, CHORDS);
  else v128.store(p, f64x2.add(v128.load(p), s));
}

function addArcs<T>(p: usize): void {
  const end = p + 1024 / sizeof<T>();
  for (; p < end; p += 16) v128.store(p, f64x2.add(v128.load(p), arc<T>(v128.load(p, CHORDS))));
}

// out ← out + sums
function addTile<T>(p: usize, out: usize, ldout: usize): void {
  for (let row = 0; row < 4; ++row) {
    for (let at: usize = 0; at < 256 / sizeof<T>(); at += 16) {
      v128.store(out + at, f64x2.add(v128.load(out + at), v128.load(p + at)));
    }
    p += 256 / sizeof<T>();
    out += ldout;
  }
}
