import { describe, expect, it } from 'vitest';
import {
  type ActivationName,
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
} from '../everything.js';

type Parameters = Record<'W1' | 'b1' | 'W2' | 'b2' | 'W3' | 'b3', Tensor>;

const loss =
  (activation: ActivationName) =>
  (p: Parameters, x: Tensor, labels: Tensor): Tensor => {
    const h1 = dense(x, p.W1, p.b1, activation);
    const h2 = dense(h1, p.W2, p.b2, activation);
    const logits = dense(h2, p.W3, p.b3);
    return mean(sub(logSumExp(logits), gatherRows(logits, labels)));
  };

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

describe.each(['tanh', 'relu', 'gelu', 'softplus'] as const)(
  'the Hessian-vector product of a 784-256-256-10 network with %s',
  (activation) => {
    const gradient = trace(grad(loss(activation)), [parameters, float32(batch, 784), int32(batch)]).program;
    const { primal, tangent, residuals } = linearizeProgram(gradient, { wrt: [0, 1, 2, 3, 4, 5] });

    it('has a gradient of 3 products forward, 3 for weights, 2 for deltas', () => {
      expect(count(gradient, 'matmul')).toBe(8);
      expect(count(primal, 'matmul')).toBe(8);
    });

    it('needs 14 products per vector: 1 + 2 + 2 forward, 1 + 2 + 2 for weights, 2 + 2 for deltas', () => {
      expect(count(tangent, 'matmul')).toBe(14);
    });

    it('multiplies elementwise 3 times per hidden layer (2 where the activation has no curvature) and 4 times for softmax', () => {
      expect(count(tangent, 'mul')).toBe(2 * (activation === 'relu' ? 2 : 3) + 4);
    });

    it('takes weights and inputs as they are and stores each residual once', () => {
      const references = residuals.flatMap((residual) => ('input' in residual ? [residual.input] : []));
      expect([...references].sort((a, b) => a - b)).toEqual([2, 4, 6]); // W2, W3, x
      expect(new Set(residuals.map((residual) => JSON.stringify(residual))).size).toBe(residuals.length);
    });

    it('computes nothing per vector that does not depend on the vector, but for views', () => {
      const moving = new Set(tangent.inputs.slice(residuals.length));
      const fixed = tangent.equations.filter(({ inputs, output }) => {
        const depends = inputs.some((value) => moving.has(value));
        if (depends) moving.add(output);
        return !depends;
      });
      expect(fixed.map(({ op }) => op).filter((op) => !['full', 'broadcast', 'reshape'].includes(op))).toEqual([]);
    });
  },
);
