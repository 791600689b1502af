// Oracle: the limits themselves, and late times.
import {
  alignedFlow,
  balancedNet,
  braunFlow,
  diagonalNetFlow,
  endToEndFlow,
  gradientFlow,
  iterate,
  kernelDescent,
  kuninNeuron,
  lambdaBalancedFlow,
  lambdaBalancedNet,
  saxeMode,
  saxePair,
  squareLoss,
} from '@hyperribbon/linear-dynamics';
import { describe, expect, test } from 'vitest';
import { gap } from './matrices.js';

describe('t = Infinity', () => {
  test.each([1, 2, 3, 7, Infinity])('modes of depth %s end at their limits', (depth) => {
    for (const initial of [0.1, 5, 0, -0.3]) {
      for (const singularValue of [2, 0]) {
        const mode = { singularValue, initial, depth, inputVariance: 0.5 };
        const curve = saxeMode(mode, [3, Infinity, Infinity]);
        expect([curve.values[1], curve.values[2]]).toEqual([curve.limit, curve.limit]);
        expect(curve.values[0]).toBe(saxeMode(mode, [3]).values[0]);
        expect(curve.limit).toBe(depth === 1 || initial > 0 ? singularValue / 0.5 : 0);
      }
    }
  });

  test.each([
    [2, 0.1, 0.3],
    [-2, 0.1, 0.3],
    [2, 0, 1],
    [2, -0.2, 0.3],
    [2, 0.3, 0.3],
    [2, 0.3, -0.3],
    [2, 0, 0],
    [0, 0.1, 0.3],
    [0, 0.2, 0.2],
    [1e-300, 0.1, 0.2],
    [2, 1e-160, -1e-170],
    [0, 1e-160, 2e-160],
  ])('a pair with s = %s from (%s, %s) has its product and keeps its difference', (singularValue, input, output) => {
    const { inputs, outputs, learns, conserved } = saxePair({ singularValue, input, output }, [Infinity]);
    const [a, b] = [inputs[0]!, outputs[0]!];
    expect(Math.abs(a * b - (learns ? singularValue : 0))).toBeLessThanOrEqual(1e-15 * Math.abs(singularValue));
    if (learns) expect(Math.abs((b - a) * (b + a) - conserved)).toBeLessThan(1e-15 * (a * a + b * b) + 1e-320);
    else expect([Math.abs(a), Math.abs(b)]).toEqual([0, 0]);
  });

  test.each<[w: number[], a: number, target: number[]]>([
    [[0.1, 0.2], 0.3, [1, 2]],
    [[0.1, 0.2], 0, [1, 2]],
    [[3, -1], -0.2, [1, 2]],
    [[2, -1], 0, [1, 2]],
    [[1, 2], 0.5, [0, 0]],
    [[0.5, 0], 0.5, [0, 0]],
    [[0, 0], 0, [1, 2]],
  ])('the neuron %s, %s learning %s', (inputWeights, outputWeight, target) => {
    const { maps, learns, outputWeights } = kuninNeuron({ inputWeights, outputWeight, target }, [Infinity]);
    expect(gap(maps, learns ? target : [0, 0])).toBeLessThan(1e-14);
    expect(outputWeights[0]).not.toBeNaN();
  });

  test('matrices: the target, or the saddle', () => {
    const inputOutput = [2, 0.5, 0.3, 1];
    const times = [1, Infinity];
    const limitOf = (start: number[], lambda: number) =>
      lambdaBalancedFlow(lambdaBalancedNet(start, { widths: [2, 2, 2], lambda }), { inputOutput, times });
    for (const lambda of [0, 1, -2])
      expect(gap(limitOf([0.1, 0, 0, 0.1], lambda).endToEnd.subarray(4), inputOutput)).toBeLessThan(1e-14);
    const stuck = limitOf([-0.1, 0, 0, 0.1], 0);
    expect(stuck.endToEnd.subarray(4)).toEqual(stuck.limit);
    expect(gap(stuck.limit, inputOutput)).toBeGreaterThan(0.3);
    for (const start of [balancedNet([0.1, 0, 0, 0.1], { widths: [2, 2, 2] })]) {
      const braun = braunFlow(start, { inputOutput, times });
      expect(gap(braun.gram, lambdaBalancedFlow(start, { inputOutput, times }).gram)).toBeLessThan(1e-13);
    }
    const aligned = alignedFlow({ inputs: 2, outputs: 2, inputOutput, initial: [0.1, 0.1] }, times);
    expect(gap(aligned.endToEnd.subarray(4), inputOutput)).toBeLessThan(1e-14);
  });

  test('regression and kernel machines: all that the inputs show is learned, nothing else', () => {
    for (const dynamics of ['descent', 'flow'] as const) {
      const eigenvalues = [1, 1e-300, 0];
      const at = { eigenvalues, learningRate: 1.5, initial: [1, 1, 1], target: [2, 3, 4], step: Infinity, dynamics };
      expect([...iterate(at)]).toEqual([2, 3, 1]);
      const machine = { count: 2, targets: Float64Array.of(1, 3), learningRate: 0.25, dynamics };
      const full = kernelDescent({ ...machine, gram: Float64Array.of(2, 1, 1, 2) });
      expect(gap(full.train(Infinity), [1, 3])).toBeLessThan(1e-15);
      expect(gap(full.dual(Infinity), [-1 / 3, 5 / 3])).toBeLessThan(1e-14);
      // rank one: its second eigenvalue is rounding, and its direction is not learned in any time
      const flat = kernelDescent({ ...machine, gram: Float64Array.of(1, 1, 1, 1) });
      expect(gap(flat.train(Infinity), [2, 2])).toBeLessThan(1e-15);
      expect(gap(flat.train(dynamics === 'flow' ? 1e20 : 1e15), [2, 2])).toBeLessThan(1e-15);
      expect(() => flat.dual(Infinity)).toThrow(
        'kernelDescent: step must be finite for dual weights of a singular gram',
      );
    }
  });

  test('integrations come to no limit, and say what does', () => {
    const loss = squareLoss({ inputs: 1, outputs: 1, inputOutput: [2] });
    const net = balancedNet([0.1], { widths: [1, 1, 1] });
    const times = [1, Infinity];
    const words = (call: () => unknown, instead: string): void =>
      expect(call).toThrow(`times must be finite where steps are taken, got Infinity; for the limit use ${instead}`);
    words(() => gradientFlow(net, { loss, times }), 'lambdaBalancedFlow');
    words(() => endToEndFlow([0.1], { loss, depth: 2, times }), 'lambdaBalancedFlow');
    words(() => diagonalNetFlow({ inputs: [1], targets: [1] }, { alpha: 1 }, { times }), 'kernelToRich');
    words(() => lambdaBalancedFlow(net, { inputOutput: [2], times, method: 'direct' }), "method 'closed'");
    for (const wrong of [[Infinity, 1], [NaN], [-Infinity]])
      expect(() => saxeMode({ singularValue: 1, initial: 1 }, wrong)).toThrow('times must');
  });
});
