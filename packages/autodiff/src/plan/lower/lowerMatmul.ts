import type { Equation } from '../../program.js';
import { sizeOf } from '../../specs.js';
import type { GemmTerm, Node, Operand } from './node.js';
import { nodeFor, type Target } from './target.js';

/** op(A) op(B) as a promise; transpositions, signs and matrices repeated over the batch fold into the call. */
export function lowerMatmul(x: Node, y: Node, params: Equation['params'], target: Target): Node {
  const [m, n] = target.shape.slice(-2) as [number, number];
  const k = x.shape.at(params.transA ? -2 : -1)!;
  const batch = sizeOf(target.shape.slice(0, -2));
  const [a, alphaA] = operand(x, params.transA ?? 0);
  const [b, alphaB] = operand(y, params.transB ?? 0);
  const term: GemmTerm = { k, alpha: alphaA * alphaB, a, b };
  const none = { base: undefined, bias: undefined, activation: 0, place: undefined };
  // one matrix B for the whole batch: the batch is just more rows of A
  if (batch > 1 && b.stride === 0 && !a.transposed && a.stride !== 0) {
    return nodeFor(target, { kind: 'gemm', pending: { batch: 1, m: batch * m, n, terms: [term], ...none } });
  }
  return nodeFor(target, { kind: 'gemm', pending: { batch, m, n, terms: [term], ...none } });
}

function operand(node: Node, transposed: 0 | 1): [Operand, number] {
  const [rows, columns] = node.shape.slice(-2) as [number, number];
  let alpha = 1;
  let stride = rows * columns;
  let flipped = transposed;
  let x = node;
  for (;;) {
    const { form } = x;
    if (form.kind === 'scaled' && form.alpha === -1) {
      alpha = -alpha;
      x = form.source;
    } else if (form.kind === 'transposed') {
      flipped = flipped ? 0 : 1;
      x = form.source;
    } else if (form.kind === 'broadcast' && stride !== 0 && repeatsMatrix(x, form.source, form.axes)) {
      stride = 0;
      x = form.source;
    } else return [{ node: x, transposed: flipped, stride }, alpha];
  }
}

/** Is x one matrix repeated over all leading axes? */
function repeatsMatrix(x: Node, source: Node, axes: readonly number[]): boolean {
  const rank = x.shape.length;
  if (rank < 3 || sizeOf(source.shape) !== x.shape[rank - 1]! * x.shape[rank - 2]!) return false;
  return source.shape.every((length, i) => length === 1 || axes[i]! >= rank - 2);
}
