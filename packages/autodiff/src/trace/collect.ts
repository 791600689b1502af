import { ArgumentTypeError, typedArrayName } from '@hyperribbon/contract';
import type { DataArray } from '../dataArray.js';
import type { Equation, Program, Spec } from '../program.js';
import { sameShape } from '../specs.js';
import { type Tensor, madeBy } from './tensor.js';

export interface Collected {
  readonly program: Program;
  /** what the program takes after its own inputs: tensors of enclosing traces that it uses */
  readonly captured: readonly Tensor[];
}

/**
 * The program that computes `outputs` from `inputs`; what does not reach an output is left out.
 *
 * With `capture`, the work that does not depend on the inputs stays outside: its results become further inputs. Views of
 * such results (broadcast, reshape) and uniform arrays are made inside, where they cost nothing to hold.
 *
 * @throws ArgumentTypeError if an output depends on the input of another trace and `capture` is false
 */
export function collect(inputs: readonly Tensor[], outputs: readonly Tensor[], capture: boolean): Collected {
  const reached = postOrder(outputs, operandsOf);
  const inside = dependents(inputs, reached, capture);
  const number = new Map<Tensor, number>();
  const values: Spec[] = [];
  const place = (x: Tensor): number => {
    values.push({ shape: x.shape, dtype: x.dtype });
    number.set(x, values.length - 1);
    return values.length - 1;
  };
  for (const x of inputs) place(x);
  const captured: Tensor[] = [];
  const constants: { value: number; data: DataArray }[] = [];
  const held = heldConstants();
  const body: Tensor[] = [];
  for (const x of postOrder(outputs, (y) => (inside.has(y) ? operandsOf(y) : []))) {
    if (number.has(x)) continue;
    if (x.origin.kind === 'constant') {
      const { data } = x.origin;
      const twin = held.find(data, (value) => sameShape(values[value].shape, x.shape));
      if (twin !== undefined) number.set(x, twin);
      else {
        constants.push({ value: place(x), data });
        held.add(data, number.get(x)!);
      }
    } else if (inside.has(x)) body.push(x);
    else {
      if (!capture) throw new ArgumentTypeError('trace: the result depends on a tensor that belongs to another trace');
      captured.push(x);
      place(x);
    }
  }
  const equations: Equation[] = [];
  const emit = (x: Tensor): void => {
    if (number.has(x) || x.origin.kind !== 'equation') return;
    // what depends on nothing is made where it is first used
    for (const operand of x.origin.inputs) if (operand.order === 0) emit(operand);
    const { op, params } = x.origin;
    equations.push({ op, inputs: x.origin.inputs.map((y) => number.get(y)!), output: place(x), params });
  };
  for (const x of body.filter(({ order }) => order > 0).sort((a, b) => a.order - b.order)) emit(x);
  for (const x of outputs) emit(x);
  const program: Program = {
    values,
    inputs: [...inputs, ...captured].map((x) => number.get(x)!),
    constants,
    equations,
    outputs: outputs.map((x) => number.get(x)!),
  };
  return { program, captured };
}

interface HeldConstants {
  find(data: DataArray, suits: (value: number) => boolean): number | undefined;
  add(data: DataArray, value: number): void;
}

/**
 * Constants that a program has already. Arrays with the same numbers are one: a function that makes its masks and tables anew in every call is applied
 * more than once by most transformations, and what depends on two of them would be computed twice.
 */
function heldConstants(): HeldConstants {
  const byArray = new Map<DataArray, number[]>();
  const byLength = new Map<string, DataArray[]>();
  const keyOf = (data: DataArray): string => `${typedArrayName(data)} ${data.length}`;
  const originalOf = (data: DataArray): DataArray | undefined =>
    byArray.has(data) ? data : byLength.get(keyOf(data))?.find((other) => sameNumbers(data, other));
  return {
    find(data, suits) {
      const original = originalOf(data);
      return original && byArray.get(original)!.find(suits);
    },
    add(data, value) {
      const original = originalOf(data);
      if (original !== undefined) byArray.get(original)!.push(value);
      else {
        byArray.set(data, [value]);
        byLength.set(keyOf(data), [...(byLength.get(keyOf(data)) ?? []), data]);
      }
    },
  };
}

/** Bit for bit, so that NaN and the sign of zero count. */
function sameNumbers(a: DataArray, b: DataArray): boolean {
  const words = ({ buffer, byteOffset, byteLength }: DataArray): Int32Array =>
    new Int32Array(buffer, byteOffset, byteLength / 4);
  const [x, y] = [words(a), words(b)];
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false;
  return true;
}

function operandsOf({ origin }: Tensor): readonly Tensor[] {
  return origin.kind === 'equation' ? origin.inputs : [];
}

/** The tensors that the program computes itself (or holds as constants). */
function dependents(inputs: readonly Tensor[], reached: readonly Tensor[], capture: boolean): Set<Tensor> {
  const own = new Set<Tensor>(inputs);
  const inside = new Set<Tensor>(inputs);
  for (const x of reached) {
    if (x.origin.kind !== 'equation') continue;
    const depends = !capture || x.origin.inputs.some((y) => own.has(y));
    if (depends) own.add(x);
    if (depends || isView(x)) inside.add(x);
  }
  return inside;
}

function isView(x: Tensor): boolean {
  return (madeBy(x, 'full') ?? madeBy(x, 'broadcast') ?? madeBy(x, 'reshape')) !== undefined;
}

/** Everything the roots are made from, operands before results; without recursion, since programs may be deeper than the call stack. */
function postOrder(roots: readonly Tensor[], operands: (x: Tensor) => readonly Tensor[]): Tensor[] {
  const done = new Set<Tensor>();
  const order: Tensor[] = [];
  const stack: { x: Tensor; next: number }[] = [];
  for (const root of roots) {
    stack.push({ x: root, next: 0 });
    while (stack.length > 0) {
      const frame = stack[stack.length - 1];
      const from = operands(frame.x);
      if (done.has(frame.x)) stack.pop();
      else if (frame.next < from.length) {
        const operand = from[frame.next++];
        if (!done.has(operand)) stack.push({ x: operand, next: 0 });
      } else {
        done.add(frame.x);
        order.push(frame.x);
        stack.pop();
      }
    }
  }
  return order;
}
