import { describe, expect, it } from 'vitest';
import {
  type Program,
  type Tensor,
  dense,
  float32,
  gatherRows,
  grad,
  int32,
  linearizeProgram,
  logSumExp,
  mean,
  sub,
  trace,
} from '@hyperribbon/autodiff';

type Parameters = Record<'W1' | 'b1' | 'W2' | 'b2' | 'W3' | 'b3', Tensor>;

function loss(p: Parameters, x: Tensor, labels: Tensor): Tensor {
  const h1 = dense(x, p.W1, p.b1, 'tanh');
  const h2 = dense(h1, p.W2, p.b2, 'tanh');
  const logits = dense(h2, p.W3, p.b3);
  return mean(sub(logSumExp(logits), gatherRows(logits, labels)));
}

const batch = 32;
const parameters = {
  W1: float32(784, 256),
  b1: float32(256),
  W2: float32(256, 256),
  b2: float32(256),
  W3: float32(256, 10),
  b3: float32(10),
};
const count = (program: Program, op: string): number =>
  program.equations.filter((equation) => equation.op === op).length;

describe('the Hessian-vector product of a 784-256-256-10 network', () => {
  const gradient = trace(grad(loss), [parameters, float32(batch, 784), int32(batch)]).program;
  const parts = linearizeProgram(gradient, { wrt: [0, 1, 2, 3, 4, 5] });

  it('has a gradient of 3 products forward, 3 for weights, 2 for deltas', () => {
    expect(count(gradient, 'matmul')).toBe(8);
  });

  it('needs 14 products per vector: 1 + 2 + 2 forward, 1 + 2 + 2 for weights, 2 + 2 for deltas', () => {
    expect(count(parts.tangent, 'matmul')).toBe(14);
  });
});
