import { refuse, requireNoOthers } from '@hyperribbon/contract';
import * as p from '../../primitives/emit.js';
import { range, showShape } from '../../specs.js';
import { type Tensor, constant } from '../../trace/tensor.js';
import { commonShape, expand, requireTensor } from '../broadcasting.js';
import { matmul } from '../products.js';
import { softmax } from '../reductions.js';
import { maskedSoftmax } from './masked.js';

export interface AttentionOptions {
  /** query t sees keys 0 to t only; default false */
  readonly causal?: boolean;
  /** ≠ 0 where a query sees a key, broadcast to (…, T, S); not differentiated */
  readonly mask?: Tensor;
  /** added to the scores, broadcast to (…, T, S): biases by position */
  readonly bias?: Tensor;
  /** factor of the scores; default 1/√d */
  readonly scale?: number;
}

/**
 * Scaled dot-product attention [vaswani2017, eq. 1]: softmax(scale Q Kᵀ + bias) V, over the keys that causality and mask allow.
 *
 * A query that sees no key gets zeros, with derivative zero.
 *
 * @param q (…, T, d), with several heads (batch, heads, T, d); leading axes broadcast
 * @param k (…, S, d)
 * @param v (…, S, e)
 * @returns (…, T, e)
 * Memory: the weights take T·S numbers for each head.
 * @example evaluateFunction((q, k, v) => attention(reshape(q, [2, 1]), reshape(k, [2, 1]), reshape(v, [2, 1]), { causal: true }), [[0, 0], [1, 2], [3, 5]]); // [3, 4]
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, options: AttentionOptions = {}): Tensor {
  const { causal = false, mask, bias, scale, ...others } = options;
  requireNoOthers('attention', others, 'AttentionOptions');
  const d = requireShapes('attention', q, k, v);
  const products = p.scale(matmul(q, keysLast(k)), scale ?? 1 / Math.sqrt(d));
  const scores = bias === undefined ? products : p.add(products, expand('attention', bias, products.shape));
  return matmul(mask === undefined ? softmax(causal ? seenOnly(scores) : scores) : hidden(scores, causal, mask), v);
}

export interface LinearAttentionOptions {
  /** query t sees keys 0 to t only; default false */
  readonly causal?: boolean;
  /** factor of the result; default 1 */
  readonly scale?: number;
}

/**
 * Attention without the softmax: scale · Q (Kᵀ V), as in the in-context regressors of [vonoswald2023].
 *
 * @param q (…, T, d); leading axes broadcast
 * @param k (…, S, d)
 * @param v (…, S, e)
 * @returns (…, T, e)
 * Cost: (T + S)·d·e multiplications; with `causal` T·S·(d + e), by way of the scores
 * @example evaluateFunction((q, k, v) => linearAttention(reshape(q, [1, 1]), reshape(k, [2, 1]), reshape(v, [2, 1])), [[2], [1, 2], [3, 5]]); // [26]
 */
export function linearAttention(q: Tensor, k: Tensor, v: Tensor, options: LinearAttentionOptions = {}): Tensor {
  const { causal = false, scale = 1, ...others } = options;
  requireNoOthers('linearAttention', others, 'LinearAttentionOptions');
  requireShapes('linearAttention', q, k, v);
  if (!causal) return p.scale(matmul(q, matmul(keysLast(k), v)), scale);
  const scores = matmul(q, keysLast(k));
  const seen = p.select(triangle(scores), scores, p.zerosLike(scores));
  return p.scale(matmul(seen, v), scale);
}

/** d. @throws ArgumentError for shapes that do not go together */
function requireShapes(op: string, q: Tensor, k: Tensor, v: Tensor): number {
  const shapes = [q, k, v].map((x) => requireTensor(op, x).shape);
  const [left, middle, right] = shapes;
  if (shapes.some((shape) => shape.length < 2)) refuse(op, `q, k and v need two axes or more, got ${listed(shapes)}`);
  if (left.at(-1) !== middle.at(-1) || middle.at(-2) !== right.at(-2))
    refuse(op, `needs q (…, T, d), k (…, S, d) and v (…, S, e), got ${listed(shapes)}`);
  return left.at(-1)!;
}

function listed(shapes: readonly (readonly number[])[]): string {
  return shapes.map(showShape).join(', ');
}

function keysLast(k: Tensor): Tensor {
  const last = k.shape.length - 1;
  return p.transpose(k, [...range(last - 1), last, last - 1]);
}

/** Softmax over the keys that a mask allows, and causality if it holds. */
function hidden(scores: Tensor, causal: boolean, mask: Tensor): Tensor {
  const { shape } = scores;
  if (commonShape('attention', requireTensor('attention', mask), scores).length > shape.length)
    refuse('attention', `mask ${showShape(mask.shape)} does not broadcast to the scores ${showShape(shape)}`);
  const given = expand('attention', mask, shape);
  return maskedSoftmax(scores, causal ? p.select(triangle(scores), given, p.zerosLike(given)) : given);
}

/** Scores of keys behind the query become −∞: their weight is 0, and each query still sees the first key. */
function seenOnly(scores: Tensor): Tensor {
  return p.select(triangle(scores), scores, p.full(-Infinity, scores));
}

/** In the shape of the scores, 1 where a key is not behind the query, else 0. */
function triangle({ shape, dtype }: Tensor): Tensor {
  const [rows, columns] = shape.slice(-2);
  const entries = { length: rows * columns };
  const at = (_: unknown, i: number): number => (i % columns <= Math.floor(i / columns) ? 1 : 0);
  const data = dtype === 'float32' ? Float32Array.from(entries, at) : Float64Array.from(entries, at);
  return p.broadcast(constant(data, [rows, columns]), [shape.length - 2, shape.length - 1], shape);
}
