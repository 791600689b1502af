import * as ad from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';
import type { GoldenComposite } from './goldenData.js';

type Numbers = readonly number[];

/** The composite functions of golden/autodiff.json, each on the flat parameter vector theta (n,) in theta's dtype. */
export function composite(c: GoldenComposite): (theta: Tensor) => Tensor {
  const { params } = c;
  const data = (name: string): Numbers => c[name] as Numbers;
  const like = (theta: Tensor, numbers: Numbers, shape: Numbers = [numbers.length]): Tensor =>
    ad.constant((theta.dtype === 'float32' ? Float32Array : Float64Array).from(numbers), shape);
  switch (c.kind) {
    case 'rosenbrock':
      return (t) => {
        const [head, tail] = [ad.slice(t, [0], [c.n - 1]), ad.slice(t, [1])];
        const valley = ad.square(ad.sub(tail, ad.square(head)));
        return ad.sum(ad.add(ad.mul(100, valley), ad.square(ad.sub(1, head))));
      };
    case 'logistic':
      return (t) => {
        const margins = ad.mul(ad.matmul(like(t, data('X'), [params.N, params.d]), t), like(t, data('y')));
        const losses = ad.softplus(ad.mul(margins, -(params.gain ?? 1)));
        return ad.add(ad.mean(losses), ad.mul(0.5 * params.l2, ad.sum(ad.square(t))));
      };
    case 'mlp_tanh':
    case 'mlp_gelu':
      return (t) => {
        const [W1, b1, W2, b2] = pieces(t, [
          [params.hid, params.in],
          [params.hid],
          [params.out, params.hid],
          [params.out],
        ]);
        const x = like(t, data('X'), [params.N, params.in]);
        const hidden = ad.dense(x, ad.transpose(W1), b1, c.kind === 'mlp_tanh' ? 'tanh' : 'gelu');
        const logits = ad.dense(hidden, ad.transpose(W2), b2);
        const labels = ad.constant(Int32Array.from(data('labels')));
        return ad.mean(ad.sub(ad.logSumExp(logits), ad.gatherRows(logits, labels)));
      };
    case 'deep_linear':
      return (t) => {
        const { dims, N } = params;
        const weights = pieces(
          t,
          dims.slice(1).map((out, i) => [out, dims[i]]),
        );
        let z = like(t, data('X'), [N, dims[0]]);
        for (const W of weights) z = ad.matmul(z, ad.transpose(W));
        const residual = ad.sub(z, like(t, data('Y'), [N, dims.at(-1)!]));
        return ad.div(ad.mul(0.5, ad.sum(ad.square(residual))), N);
      };
    case 'logdet':
      return (t) => logDeterminant(ad.add(like(t, data('C'), [c.n, c.n]), diagonal(ad.exp(t))), c.n);
    case 'logsumexp':
      return (t) => ad.logSumExp(ad.mul(t, params.gain));
    case 'rayleigh':
      return (t) => ad.div(ad.dot(t, ad.matmul(like(t, data('S'), [c.n, c.n]), t)), ad.sum(ad.square(t)));
    case 'quadratic_graded':
      return (t) => ad.mul(0.5, ad.sum(ad.mul(like(t, data('d')), ad.square(t))));
    case 'linear':
      return (t) => ad.dot(like(t, data('w')), t);
    case 'product_chain':
      return (t) => {
        let product = ad.full([], 1, t.dtype);
        for (let i = 0; i < c.n; i++) product = ad.mul(product, ad.add(1, ad.mul(element(t, i), 0.25)));
        return ad.log(ad.add(ad.mul(product, product), 1));
      };
    default:
      throw new RangeError(`composite: unknown kind ${c.kind}`);
  }
}

/** The flat vector cut into arrays of these shapes. */
function pieces(t: Tensor, shapes: readonly Numbers[]): Tensor[] {
  let end = 0;
  return shapes.map((shape) => {
    const start = end;
    end += shape.reduce((a, b) => a * b, 1);
    return ad.reshape(ad.slice(t, [start], [end]), shape);
  });
}

function element(t: Tensor, ...at: Numbers): Tensor {
  return ad.reshape(
    ad.slice(
      t,
      at,
      at.map((i) => i + 1),
    ),
    [],
  );
}

function diagonal(d: Tensor): Tensor {
  const n = d.shape[0];
  return ad.scatterRows(d, ad.constant(Int32Array.from({ length: n }, (_, i) => i)), n);
}

/** ln det A of a symmetric positive definite matrix: sum of the logarithms of the pivots of elimination. */
function logDeterminant(matrix: Tensor, n: number): Tensor {
  const a = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => element(matrix, i, j)));
  let total: Tensor | number = 0;
  for (let q = 0; q < n; q++) {
    total = ad.add(total, ad.log(a[q][q]));
    for (let i = q + 1; i < n; i++) {
      const ratio = ad.div(a[i][q], a[q][q]);
      for (let j = q; j < n; j++) a[i][j] = ad.sub(a[i][j], ad.mul(ratio, a[q][j]));
    }
  }
  return total as Tensor;
}
