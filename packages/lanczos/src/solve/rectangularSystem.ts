import { floatArray } from '@hyperribbon/contract';
import type { LinearOperator, RectangularOperator } from '@hyperribbon/linop';

/** A, or Aᵀ, as an operator of order max(rows, columns): what is beyond its sides is zero. */
export function padded(op: RectangularOperator, transposed: boolean): LinearOperator {
  const { rows, columns, dtype } = op;
  const [from, to] = transposed ? [rows, columns] : [columns, rows];
  return {
    size: Math.max(rows, columns),
    dtype,
    apply(x, out) {
      out.fill(0, to);
      const [input, output] = [x.subarray(0, from), out.subarray(0, to)];
      return transposed ? op.applyTranspose(input, output) : op.apply(input, output);
    },
  };
}

/** [A; damp], (rows + columns, columns): its least squares are those of A with damp² ‖x‖² added. */
export function damped(op: RectangularOperator, damp: number): RectangularOperator {
  const { rows, columns, dtype } = op;
  const after = (done: void | Promise<void>, then: () => void): void | Promise<void> =>
    done instanceof Promise ? done.then(then) : then();
  return {
    rows: rows + columns,
    columns,
    dtype,
    apply: (x, out) =>
      after(op.apply(x, out.subarray(0, rows)), () => {
        for (let i = 0; i < columns; i++) out[rows + i] = damp * x[i];
      }),
    applyTranspose(y, out) {
      const own = floatArray(dtype, y.subarray(rows));
      return after(op.applyTranspose(y.subarray(0, rows), out), () => {
        for (let i = 0; i < columns; i++) out[i] += damp * own[i];
      });
    },
  };
}
