import { refuse } from '@hyperribbon/contract';
import * as p from '../primitives/emit.js';
import { requireSameDtype } from '../primitives/shapeRules.js';
import { range, showShape, sizeOf, stridesOf } from '../specs.js';
import { apply } from '../trace/apply.js';
import { type Tensor, constant } from '../trace/tensor.js';
import { requireTensor } from './broadcasting.js';

/** A tensor whose axes have letters. */
interface Lettered {
  readonly x: Tensor;
  readonly letters: readonly string[];
}

/**
 * Einstein's summation: `einsum('ij,jk->ik', a, b)` is the matrix product. A letter stands for an axis; those that the
 * result lacks are summed, one that an operand has twice takes its diagonal.
 *
 * @param subscripts letters of each operand, separated by commas, then `->` and those of the result; without an arrow the
 * result has the letters that occur once, in alphabetical order
 * @throws ArgumentError for subscripts that do not fit the operands, and for letters that stand for two lengths
 * Cost: operands are taken from left to right, each step one batched matrix product; order them as you would multiply.
 * @example evaluateFunction((a, b) => einsum('i,j->ij', a, b), [[1, 2], [3, 4]]); // [3, 4, 6, 8]
 */
export function einsum(subscripts: string, ...operands: readonly Tensor[]): Tensor {
  const { inputs, output } = parse(subscripts, operands);
  const terms = inputs.map((letters, i) => diagonals({ x: operands[i], letters }));
  let total = terms[0];
  for (let i = 1; i < terms.length; i++) {
    const later = new Set([...output, ...terms.slice(i + 1).flatMap(({ letters }) => letters)]);
    total = contract(total, terms[i], later);
  }
  return ordered(sumOthers(total, new Set(output)), output);
}

function parse(subscripts: string, operands: readonly Tensor[]): { inputs: string[][]; output: string[] } {
  const reject = (reason: string): never => refuse('einsum', `${reason}: '${subscripts}'`);
  const shape = /^[A-Za-z,]*(->[A-Za-z]*)?$/;
  const text = String(subscripts).replaceAll(' ', '');
  if (!shape.test(text)) reject('subscripts must be letters and commas, then -> and letters');
  const [left, right] = text.split('->');
  const inputs = left.split(',').map((letters) => [...letters]);
  if (inputs.length !== operands.length) reject(`subscripts name ${inputs.length} operands, got ${operands.length}`);
  const lengths = new Map<string, number>();
  operands.forEach((x, i) => {
    requireSameDtype('einsum', requireTensor('einsum', operands[0]), requireTensor('einsum', x));
    if (x.shape.length !== inputs[i].length)
      reject(`operand ${i} is ${showShape(x.shape)}, its letters '${inputs[i].join('')}'`);
    inputs[i].forEach((letter, axis) => {
      const known = lengths.get(letter) ?? x.shape[axis];
      if (known !== x.shape[axis]) reject(`${letter} stands for ${known} and for ${x.shape[axis]}`);
      lengths.set(letter, known);
    });
  });
  const all = inputs.flat();
  const once = all.filter((letter) => all.indexOf(letter) === all.lastIndexOf(letter));
  const output = right === undefined ? once.toSorted() : [...right];
  if (new Set(output).size < output.length) reject('the result has a letter twice');
  const unknown = output.find((letter) => !lengths.has(letter));
  if (unknown !== undefined) reject(`no operand has the result's letter ${unknown}`);
  return { inputs, output };
}

/** Each letter once: an axis that comes twice is read along its diagonal. */
function diagonals({ x, letters }: Lettered): Lettered {
  const kept = [...new Set(letters)];
  if (kept.length === letters.length) return { x, letters };
  const strides = stridesOf(x.shape);
  const steps = kept.map((letter) => strides.reduce((sum, s, axis) => (letters[axis] === letter ? sum + s : sum), 0));
  const shape = kept.map((letter) => x.shape[letters.indexOf(letter)]);
  const own = stridesOf(shape);
  const positions = Int32Array.from({ length: sizeOf(shape) }, (_, i) =>
    shape.reduce((sum, length, axis) => sum + (Math.floor(i / own[axis]) % length) * steps[axis], 0),
  );
  return { x: apply('gatherFlat', [x, constant(positions, shape)]), letters: kept };
}

/** Product of two operands, summed over the letters that nothing later needs: one batched matrix product. */
function contract(a: Lettered, b: Lettered, later: ReadonlySet<string>): Lettered {
  const [left, right] = [
    sumOthers(a, new Set([...later, ...b.letters])),
    sumOthers(b, new Set([...later, ...a.letters])),
  ];
  const shared = left.letters.filter((letter) => right.letters.includes(letter));
  const batch = shared.filter((letter) => later.has(letter));
  const inner = shared.filter((letter) => !later.has(letter));
  const rows = left.letters.filter((letter) => !shared.includes(letter));
  const columns = right.letters.filter((letter) => !shared.includes(letter));
  const grouped = (term: Lettered, ...groups: readonly (readonly string[])[]): Tensor =>
    p.reshape(
      ordered(term, groups.flat()),
      groups.map((letters) => sizeOf(lengthsOf(term, letters))),
    );
  const product = p.matmul(grouped(left, batch, rows, inner), grouped(right, batch, inner, columns));
  const lengths = [...lengthsOf(left, batch), ...lengthsOf(left, rows), ...lengthsOf(right, columns)];
  return { x: p.reshape(product, lengths), letters: [...batch, ...rows, ...columns] };
}

function sumOthers({ x, letters }: Lettered, wanted: ReadonlySet<string>): Lettered {
  const summed = range(letters.length).filter((axis) => !wanted.has(letters[axis]));
  if (summed.length === 0) return { x, letters };
  return { x: p.reduceSum(x, summed), letters: letters.filter((letter) => wanted.has(letter)) };
}

function ordered({ x, letters }: Lettered, order: readonly string[]): Tensor {
  return p.transpose(
    x,
    order.map((letter) => letters.indexOf(letter)),
  );
}

function lengthsOf({ x, letters }: Lettered, wanted: readonly string[]): number[] {
  return wanted.map((letter) => x.shape[letters.indexOf(letter)]);
}
