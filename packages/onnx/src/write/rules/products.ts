import type { PrimitiveName } from '@hyperribbon/autodiff';
import type { Draft } from '../draft.js';
import { type Held, aligned, ownOrder, spread, union, withAxes } from '../held.js';
import type { Site, WriteRule } from '../rule.js';

/** Products of matrices. */
export const productRules: Partial<Record<PrimitiveName, WriteRule>> = {
  matmul: (site) => (site.out.shape.length === 2 ? gemm(site) : stacked(site)),
};

/** One product, with a row added to all of its rows where one is given. */
export function gemm({ draft, inputs: [a, b], params, out }: Site, row?: string): Held {
  const [x, y] = [whole(draft, a), whole(draft, b)];
  const flag = (held: Held, turned: 0 | 1 | undefined): number => ((held.axes[0] === 1) === (turned === 1) ? 0 : 1);
  const [transA, transB] = [flag(x, params.transA), flag(y, params.transB)];
  const name = draft.node('Gemm', [x.name, y.name, ...(row === undefined ? [] : [row])], {
    ...(transA === 1 && { transA }),
    ...(transB === 1 && { transB }),
  });
  return { ...out, name, axes: [0, 1], type: out.dtype };
}

/** A matrix with both axes, in whichever order it lies. */
function whole(draft: Draft, held: Held): Held {
  return held.axes.length === 2 ? held : spread(draft, held, ownOrder(held));
}

/** Products of stacks of matrices: leading axes are broadcast. */
function stacked({ draft, inputs, params, out }: Site): Held {
  const rank = out.shape.length;
  const matrix = [rank - 2, rank - 1];
  const operands = inputs.map((held) => withAxes(draft, held, matrix));
  const lead = union(operands.map(({ axes }) => axes.filter((axis) => axis < rank - 2))).toSorted((a, b) => a - b);
  const names = operands.map((held, i) => {
    const turned = (i === 0 ? params.transA : params.transB) === 1;
    return aligned(draft, held, [...lead, ...(turned ? matrix.toReversed() : matrix)]);
  });
  return { ...out, name: draft.node('MatMul', names), axes: [...lead, ...matrix], type: out.dtype };
}
