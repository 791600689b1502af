import type { KernelTable } from '../modules/kernelTable.js';
import { Activation } from '../linearKernels.js';
import { refuseActivation } from '../refuseActivation.js';
import type { FloatArray } from '../workspace/workspace.js';
import { blockLength, type Map1, relu } from './gemm.js';
import type { TwinMemory } from './twinMemory.js';

type Convolutions = Pick<KernelTable, 'convolve' | 'convolveWeights' | 'convolveInput'>;

/** Convolutions and their backward passes: per entry the sums of gemm over patches, and the additions of col2im. */
export function convolutionTwins(memory: TwinMemory, activations: Readonly<Record<number, Map1>>): Convolutions {
  return {
    convolve: forwardTwin(memory, { [Activation.relu]: relu, ...activations }),
    convolveWeights: weightsTwin(memory),
    convolveInput: inputTwin(memory),
  };
}

function forwardTwin(memory: TwinMemory, activate: Readonly<Record<number, Map1>>): Convolutions['convolve'] {
  const { elements: a, shift, round } = memory;
  // prettier-ignore
  return (batch, height, width, channels, kh, kw, strideH, strideW, oh, ow, n, transW, alpha, x, w, beta, c, bias, activation) => {
    const patch = rowLike(a, kh * kw * channels);
    const read = patchReader(a, x >>> shift, [height, width, channels, kh, kw, strideH, strideW, oh, ow]);
    const act = activation === Activation.none ? undefined : (activate[activation] ?? refuseActivation(activation));
    const add = rowTimesMatrix(memory, patch.length, n, transW);
    const [rb, pBias] = [round(beta), bias >>> shift];
    const row = rowLike(a, n);
    for (let pixel = 0; pixel < batch * oh * ow; pixel++) {
      const out = (c >>> shift) + pixel * n;
      read(pixel, patch);
      if (rb !== 0) for (let j = 0; j < n; j++) row[j] = rb * a[out + j]!;
      add(round(alpha), patch, 0, w >>> shift, row, rb !== 0);
      for (let j = 0; j < n; j++) {
        const value = bias === 0 ? row[j]! : round(row[j]! + a[pBias + j]!);
        a[out + j] = act === undefined ? value : act(value);
      }
    }
  };
}

function weightsTwin({ elements: a, shift, round }: TwinMemory): Convolutions['convolveWeights'] {
  // prettier-ignore
  return (batch, height, width, channels, kh, kw, strideH, strideW, oh, ow, m, alpha, g, x, beta, c) => {
    const patch = rowLike(a, kh * kw * channels);
    const n = patch.length;
    const read = patchReader(a, x >>> shift, [height, width, channels, kh, kw, strideH, strideW, oh, ow]);
    const [k, pg, pc] = [batch * oh * ow, g >>> shift, c >>> shift];
    const [ra, rb] = [round(alpha), round(beta)];
    const sums = rowLike(a, m * n);
    for (let e = 0; e < m * n; e++) a[pc + e] = rb === 0 ? 0 : rb * a[pc + e]!;
    const KC = blockLength(k);
    for (let start = 0; start < k; start += KC) {
      sums.fill(0);
      for (let p = start; p < Math.min(start + KC, k); p++) {
        read(p, patch);
        for (let i = 0; i < m; i++) {
          const left = a[pg + p * m + i]!;
          for (let j = 0; j < n; j++) sums[i * n + j] = sums[i * n + j]! + round(left * patch[j]!);
        }
      }
      const absent = start === 0 && rb === 0;
      for (let e = 0; e < m * n; e++) {
        const t = round(ra * sums[e]!);
        a[pc + e] = absent ? t : a[pc + e]! + t;
      }
    }
  };
}

function inputTwin(memory: TwinMemory): Convolutions['convolveInput'] {
  const { elements: a, shift, round } = memory;
  // prettier-ignore
  return (batch, height, width, channels, kh, kw, strideH, strideW, padTop, padLeft, oh, ow, k, transW, alpha, g, w, alpha2, g2, w2, out) => {
    const patch = rowLike(a, kh * kw * channels);
    const add = rowTimesMatrix(memory, k, patch.length, transW);
    const start = out >>> shift;
    a.fill(0, start, start + batch * height * width * channels);
    for (let pixel = 0; pixel < batch * oh * ow; pixel++) {
      add(round(alpha), a, (g >>> shift) + pixel * k, w >>> shift, patch, false);
      if (g2 !== 0) add(round(alpha2), a, (g2 >>> shift) + pixel * k, w2 >>> shift, patch, true);
      const [image, oy, ox] = placeOf(pixel, oh, ow);
      for (let ky = 0, i = 0; ky < kh; ky++) {
        const y = oy * strideH + ky - padTop;
        for (let kx = 0; kx < kw; kx++, i += channels) {
          const column = ox * strideW + kx - padLeft;
          if (y < 0 || y >= height || column < 0 || column >= width) continue;
          const to = start + ((image * height + y) * width + column) * channels;
          for (let c = 0; c < channels; c++) a[to + c] = a[to + c]! + patch[i + c]!;
        }
      }
    }
  };
}

/** Numbers of the memory's type. */
function rowLike(a: FloatArray, n: number): FloatArray {
  return a instanceof Float32Array ? new Float32Array(n) : new Float64Array(n);
}

function placeOf(pixel: number, oh: number, ow: number): [image: number, oy: number, ox: number] {
  const row = Math.floor(pixel / ow);
  return [Math.floor(row / oh), row % oh, pixel - row * ow];
}

type Geometry = readonly [
  height: number,
  width: number,
  channels: number,
  kh: number,
  kw: number,
  strideH: number,
  strideW: number,
  oh: number,
  ow: number,
];

/** Writes the patch of one pixel. */
function patchReader(
  a: FloatArray,
  start: number,
  [height, width, channels, kh, kw, strideH, strideW, oh, ow]: Geometry,
): (pixel: number, patch: FloatArray) => void {
  const run = kw * channels;
  return (pixel, patch) => {
    const [image, oy, ox] = placeOf(pixel, oh, ow);
    const first = start + ((image * height + oy * strideH) * width + ox * strideW) * channels;
    for (let ky = 0; ky < kh; ky++) {
      const from = first + ky * width * channels;
      for (let e = 0; e < run; e++) patch[ky * run + e] = a[from + e]!;
    }
  };
}

type AddRow = (ra: number, left: FloatArray, from: number, pw: number, row: FloatArray, present: boolean) => void;

/** row (n) ← alpha left op(W), added to what is there if present: one row of gemm in its order */
function rowTimesMatrix({ elements: a, round }: TwinMemory, k: number, n: number, transW: number): AddRow {
  const KC = blockLength(k);
  const sums = rowLike(a, n);
  const [stepP, stepJ] = transW === 0 ? [n, 1] : [1, k];
  return (ra, left, from, pw, row, present) => {
    if (k === 0 && !present) row.fill(0);
    for (let start = 0; start < k; start += KC) {
      sums.fill(0);
      for (let p = start; p < Math.min(start + KC, k); p++) {
        const x = left[from + p]!;
        const at = pw + p * stepP;
        for (let j = 0; j < n; j++) sums[j] = sums[j]! + round(x * a[at + j * stepJ]!);
      }
      const absent = start === 0 && !present;
      for (let j = 0; j < n; j++) {
        const t = round(ra * sums[j]!);
        row[j] = absent ? t : row[j]! + t;
      }
    }
  };
}
