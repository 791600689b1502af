import { broadcastPattern } from './broadcastGroups.js';
import { isElementwise } from '../../primitives/names.js';
import type { Emitter } from './emitter.js';
import { sizeOf } from '../../specs.js';
import { materialize } from './materialize.js';
import { type Node, openGemm, type Piece } from './node.js';
import { scaleNode } from './lowerScale.js';
import { flatNode, nodeFor, passing, type Target } from './target.js';

/**
 * x + y where one of them is a promise that absorbs the other: matrix products add up in place, a row becomes their bias,
 * factors and products become axpby and multiplyAdd. Undefined if there is nothing to absorb.
 */
export function lowerAdd(e: Emitter, x: Node, y: Node, target: Target): Node | undefined {
  return (
    addGemms(x, y, target) ??
    addPieces(e, x, y, target) ??
    addBias(x, y, target) ??
    addBias(y, x, target) ??
    addOnto(x, y, target) ??
    addOnto(y, x, target) ??
    addScaled(e, x, y, target) ??
    addScaled(e, y, x, target) ??
    addProduct(e, x, y, target) ??
    addProduct(e, y, x, target)
  );
}

/** x − y in the same cases. */
export function lowerSubtract(e: Emitter, x: Node, y: Node, target: Target): Node | undefined {
  const kinds = [x.form.kind, y.form.kind];
  const foldable = kinds.includes('scaled') || kinds[1] === 'pieces' || openGemm(y) !== undefined;
  if (!foldable || isRepeated(y)) return undefined;
  const negated = scaleNode(y, -1, { ...passing(y.shape, y.dtype), exclusive: y.exclusive });
  return lowerAdd(e, x, negated, target);
}

function addGemms(x: Node, y: Node, target: Target): Node | undefined {
  const p = openGemm(x);
  const q = openGemm(y);
  if (p === undefined || q === undefined || p.batch !== q.batch || p.m !== q.m || p.n !== q.n) return undefined;
  if ((p.base && q.base) || (p.bias && q.bias)) return undefined;
  const terms = [...p.terms, ...q.terms];
  return nodeFor(target, {
    kind: 'gemm',
    pending: { ...p, terms, base: p.base ?? q.base, bias: p.bias ?? q.bias },
  });
}

function addBias(x: Node, y: Node, target: Target): Node | undefined {
  const p = openGemm(x);
  if (p === undefined || p.bias !== undefined || y.form.kind !== 'broadcast') return undefined;
  const { source, axes } = y.form;
  const pattern = broadcastPattern(y.shape, source.shape, axes);
  if (pattern.kind !== 'row' || pattern.batch !== 1 || pattern.n !== p.n) return undefined;
  return nodeFor(target, { kind: 'gemm', pending: { ...p, bias: source } });
}

/** Products added onto a value that dies here; not where more elementwise work follows, which does the addition for less. */
function addOnto(x: Node, y: Node, target: Target): Node | undefined {
  const p = openGemm(x);
  if (p === undefined || p.base !== undefined || !y.exclusive) return undefined;
  if (y.form.kind === 'broadcast' || y.form.kind === 'constant') return undefined;
  if (target.consumers.some(isElementwise)) return undefined;
  return nodeFor(target, { kind: 'gemm', pending: { ...p, base: y } });
}

function addScaled(e: Emitter, x: Node, y: Node, target: Target): Node | undefined {
  if (x.form.kind !== 'scaled' || isRepeated(y)) return undefined;
  const [beta, second] = y.form.kind === 'scaled' ? [y.form.alpha, y.form.source] : [1, y];
  const args = [x.form.alpha, materialize(e, x.form.source), beta, materialize(e, second)];
  return flatNode(e, 'axpby', args, target);
}

function addProduct(e: Emitter, x: Node, y: Node, target: Target): Node | undefined {
  if (x.form.kind !== 'product' || !x.exclusive || isRepeated(y)) return undefined;
  const args = [x.form.x, x.form.y, y].map((node) => materialize(e, node));
  return flatNode(e, 'multiplyAdd', args, target);
}

function isRepeated(y: Node): boolean {
  return y.form.kind === 'broadcast' || y.form.kind === 'constant';
}

/** Two sets of pieces that do not overlap, or overlap in equal ranges, become one. */
function addPieces(e: Emitter, x: Node, y: Node, target: Target): Node | undefined {
  if (x.form.kind !== 'pieces' || y.form.kind !== 'pieces' || !x.exclusive || !y.exclusive) return undefined;
  const parts: Piece[] = [];
  for (const piece of [...x.form.parts, ...y.form.parts].sort((p, q) => p.offset - q.offset)) {
    const last = parts.at(-1);
    const size = sizeOf(piece.node.shape);
    if (last === undefined || last.offset + sizeOf(last.node.shape) <= piece.offset) {
      parts.push(piece);
    } else if (last.offset === piece.offset && sizeOf(last.node.shape) === size) {
      parts[parts.length - 1] = { offset: last.offset, node: addParts(e, last.node, piece.node) };
    } else return undefined;
  }
  return nodeFor(target, { kind: 'pieces', parts });
}

function addParts(e: Emitter, x: Node, y: Node): Node {
  const target = passing(x.shape, x.dtype);
  return lowerAdd(e, x, y, target) ?? flatNode(e, 'binary.add', [materialize(e, x), materialize(e, y)], target);
}
