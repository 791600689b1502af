import { ArgumentTypeError, refuse } from '@hyperribbon/contract';
import { type DataArray, requireDtype } from '../dataArray.js';
import type { ElementType, PrimitiveName, PrimitiveParams, Spec } from '../program.js';
import { checkShape, showShape, sizeOf } from '../specs.js';

/**
 * A symbolic array: it knows its shape, its element type and how it is made, and holds no numbers.
 *
 * Tensors are immutable nodes of a graph. Nothing is recorded anywhere else, so an unused tensor costs nothing and a
 * function may freely use tensors of an enclosing trace.
 */
export interface Tensor extends Spec {
  readonly origin: Origin;
  /** larger than that of every tensor it is made from; keeps a collected program in the order it was written */
  readonly order: number;
  readonly clock: Clock | undefined;
}

export type Origin =
  | { readonly kind: 'input' }
  | { readonly kind: 'constant'; readonly data: DataArray }
  | {
      readonly kind: 'equation';
      readonly op: PrimitiveName;
      readonly inputs: readonly Tensor[];
      readonly params: PrimitiveParams;
    };

/** Counts the equations of one trace, so that order follows the program text without any module-level state. */
export interface Clock {
  now: number;
}

const inputOrigin: Origin = Object.freeze({ kind: 'input' });

/** A class for one reason: operators of the language must not turn a tensor into a number without a word. */
class Node implements Tensor {
  readonly shape: readonly number[];
  readonly dtype: ElementType;
  readonly origin: Origin;
  readonly order: number;
  readonly clock: Clock | undefined;

  constructor({ shape, dtype }: Spec, origin: Origin, order: number, clock: Clock | undefined) {
    this.shape = shape;
    this.dtype = dtype;
    this.origin = origin;
    this.order = order;
    this.clock = clock;
  }

  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'string') return `tensor ${this.dtype} ${showShape(this.shape)}`;
    throw new ArgumentTypeError(
      'tensor: operators do not work on tensors, which hold no numbers while a function is traced; write add(x, y), sub, mul, div, ' +
        'neg or pow for + - * / **, and select(greater(x, y), a, b) for x > y ? a : b',
    );
  }
}

/** A fresh input; inputs of one trace share a clock. */
export function input(spec: Spec, clock: Clock): Tensor {
  return new Node(spec, inputOrigin, 0, clock);
}

/**
 * A tensor with known numbers, kept by reference: do not write to `data` afterwards.
 *
 * @param data its type gives the element type
 * @param shape default: (n,), the array's length
 * @throws ArgumentError if the shape does not have `data.length` elements
 * @example constant(Float64Array.of(1, 2)).dtype; // 'float64'
 */
export function constant(data: DataArray, shape: readonly number[] = [data.length]): Tensor {
  checkShape('constant', shape);
  if (sizeOf(shape) !== data.length)
    refuse('constant', `shape ${showShape(shape)} needs ${sizeOf(shape)} numbers, got ${data.length}`);
  return new Node({ shape, dtype: requireDtype('constant', 'data', data) }, { kind: 'constant', data }, 0, undefined);
}

/** The tensor that an equation makes; shapes are the caller's business (see apply). */
export function record(op: PrimitiveName, inputs: readonly Tensor[], params: PrimitiveParams, spec: Spec): Tensor {
  let clock: Clock | undefined;
  let newest = 0;
  for (const x of inputs) {
    if (x.order > newest) newest = x.order;
    if (x.clock !== undefined && (clock === undefined || x.clock.now > clock.now)) clock = x.clock;
  }
  const order = Math.max(newest, clock?.now ?? 0) + (inputs.length > 0 ? 1 : 0);
  if (clock !== undefined) clock.now = order;
  return new Node(spec, { kind: 'equation', op, inputs, params }, order, clock);
}

/** Whether x is a tensor of a trace. @example isTensor(constant(Float64Array.of(1))); // true */
export function isTensor(x: unknown): x is Tensor {
  return typeof x === 'object' && x !== null && 'origin' in x && 'dtype' in x;
}

/** The equation that makes x if it is one of `op`, else undefined. */
export function madeBy(x: Tensor, op: PrimitiveName): Extract<Origin, { kind: 'equation' }> | undefined {
  return x.origin.kind === 'equation' && x.origin.op === op ? x.origin : undefined;
}

/** The number that every element of x has, if x is `full`. */
export function uniformValue(x: Tensor): number | undefined {
  return madeBy(x, 'full')?.params.value;
}
