import type { FloatArray } from '@hyperribbon/kernels';
import { gatherPieces } from './vectorPieces.js';

/**
 * Adds vectors in float64 in the order of a balanced binary tree over their positions.
 *
 * Node j of level l holds vectors [j 2^l, (j + 1) 2^l). The shape depends on the number of vectors only, and an aligned
 * block of 2^l of them is one node: whoever computes a block elsewhere gets the bits that the whole sum would have had.
 */
export interface TreeSum {
  /** sum ← 0 */
  clear(): void;
  /** Takes the next vector, in pieces that together have `size` numbers and stay as they are until `total`; allocates nothing. */
  add(pieces: readonly FloatArray[]): void;
  /** Takes the sum of the next 2^level vectors, made elsewhere; they must start at a multiple of that. It stays as it is until `total`. */
  addNode(sum: Float64Array, level: number): void;
  /** out ← scale × the sum; ends this sum */
  total(scale: number, out: FloatArray): void;
}

/** Levels a sum of `count` vectors needs; each is a float64 vector. One vector needs none. */
export function treeLevels(count: number): number {
  return count < 2 ? 0 : Math.floor(Math.log2(count)) + 1;
}

/** The levels of the largest nodes that together hold vectors [first, end), in their order: at most two of each level. */
export function nodesOf(first: number, end: number): number[] {
  const nodes: number[] = [];
  for (let at = first; at < end; at += 2 ** nodes.at(-1)!) {
    let level = 0;
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= end) level++;
    nodes.push(level);
  }
  return nodes;
}

/** @param count how many vectors `add` will be given at most */
export function createTreeSum(size: number, count: number): TreeSum {
  if (count <= 1) return createSingle();
  const levels = Array.from({ length: treeLevels(count) }, () => new Float64Array(size));
  let taken = 0;
  // levels[level] holds two nodes of that level: they are one of the next, and so on up
  const carry = (level: number): void => {
    let next = level + 1;
    for (; ((taken >> next) & 1) === 1; next++) addVector(levels[next - 1], levels[next]);
    const full = levels[next - 1];
    levels[next - 1] = levels[next];
    levels[next] = full;
  };
  return {
    clear() {
      taken = 0;
    },
    add(pieces) {
      if ((taken & 1) === 0) gatherPieces(pieces, levels[0], 0);
      else {
        addPieces(pieces, levels[0]);
        carry(0);
      }
      taken += 1;
    },
    addNode(sum, level) {
      if (((taken >> level) & 1) === 0) levels[level].set(sum);
      else {
        addVector(sum, levels[level]);
        carry(level);
      }
      taken += 2 ** level;
    },
    total(scale, out) {
      let sum = -1;
      for (let level = 0; level < levels.length; level++) {
        if (((taken >> level) & 1) === 0) continue;
        if (sum >= 0) addVector(levels[sum], levels[level]);
        sum = level;
      }
      if (sum < 0) out.fill(0);
      else scaleInto(scale, levels[sum], out);
      taken = 0;
    },
  };
}

/** The sum of at most one vector: nothing is copied until it is scaled. */
function createSingle(): TreeSum {
  let only: readonly FloatArray[] | undefined;
  return {
    clear() {
      only = undefined;
    },
    add(pieces) {
      only = pieces;
    },
    addNode(sum) {
      only = [sum];
    },
    total(scale, out) {
      if (only === undefined) out.fill(0);
      else scalePieces(scale, only, out);
      only = undefined;
    },
  };
}

function scalePieces(scale: number, pieces: readonly FloatArray[], out: FloatArray): void {
  let offset = 0;
  for (let p = 0; p < pieces.length; p++) {
    scalePiece(scale, pieces[p], out, offset);
    offset += pieces[p].length;
  }
}

function addPieces(pieces: readonly FloatArray[], out: Float64Array): void {
  let offset = 0;
  for (let p = 0; p < pieces.length; p++) {
    addPiece(pieces[p], out, offset);
    offset += pieces[p].length;
  }
}

// hot: one pass over the weights per chunk
function scalePiece(scale: number, piece: FloatArray, out: FloatArray, offset: number): void {
  for (let i = 0; i < piece.length; i++) out[offset + i] = scale * piece[i];
}

function addPiece(piece: FloatArray, out: Float64Array, offset: number): void {
  for (let i = 0; i < piece.length; i++) out[offset + i] += piece[i];
}

function addVector(x: Float64Array, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] += x[i];
}

function scaleInto(scale: number, x: Float64Array, out: FloatArray): void {
  for (let i = 0; i < x.length; i++) out[i] = scale * x[i];
}
