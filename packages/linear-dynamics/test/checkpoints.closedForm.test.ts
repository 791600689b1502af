// Oracle: the published grid counted by hand, and arithmetic of 16-bit roots.
import { exp } from '@hyperribbon/kernels';
import { checkpointSteps, toAmplitudes, toProbabilities } from '@hyperribbon/linear-dynamics';
import { describe, expect, test } from 'vitest';

describe('checkpoints', () => {
  test('are as dense as the published grid, with the start before', () => {
    expect(checkpointSteps(200, 50).length).toBe(61);
    expect(checkpointSteps(26, 50).length).toBe(42);
    expect(checkpointSteps(5, 50).length).toBe(21);
    const steps = Array.from(checkpointSteps(200, 4), (step) => step / 4);
    expect(steps.slice(0, 6)).toEqual([0, 0.25, 0.5, 0.75, 1, 1.25]);
    expect(steps.slice(20, 24)).toEqual([5, 6, 7, 8]);
    expect(steps.slice(41, 44)).toEqual([26, 30, 34]);
    expect(steps.slice(-3)).toEqual([171, 186, 200]);
  });
  test('ascend and are distinct for any number of steps per epoch', () => {
    for (const batches of [1, 2, 3, 4, 7, 100])
      for (const epochs of [1, 4, 6, 27, 67, 90]) {
        const steps = checkpointSteps(epochs, batches);
        expect(steps[0]).toBe(0);
        expect(steps.at(-1)).toBe(epochs * batches);
        for (let i = 1; i < steps.length; i++) expect(steps[i]).toBeGreaterThan(steps[i - 1]);
      }
  });
});

test('amplitudes of 16 bits keep √p to 8e-6 and give probabilities that sum to one', () => {
  const logs = Float64Array.from({ length: 4 }, (_, c) => [-1e-6, -14, -20, -60][c]);
  const amplitudes = toAmplitudes(logs, new Uint16Array(4));
  const p = toProbabilities(amplitudes, 4, new Float32Array(4));
  p.forEach((value, c) => expect(Math.abs(Math.sqrt(value) - exp(logs[c] / 2))).toBeLessThan(8e-6));
  expect(Math.abs(p.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-6);
  expect(p[3]).toBe(0);
});

test('one sample of one class, and shapes that do not fit', () => {
  expect([...toProbabilities(toAmplitudes([0], new Uint16Array(1)), 1, new Float32Array(1))]).toEqual([1]);
  expect([...toProbabilities(new Uint16Array(2), 2, new Float32Array(2))]).toEqual([NaN, NaN]);
  expect([...toAmplitudes([], new Uint16Array(0))]).toEqual([]);
  expect(() => toAmplitudes([0], new Uint16Array(2))).toThrow('toAmplitudes: there must be 2 log-probabilities, got 1');
  expect(() => toProbabilities(new Uint16Array(3), 2, new Float32Array(3))).toThrow(
    'amplitudes must have shape (2, 2)',
  );
  expect(() => toProbabilities(new Uint16Array(2), 2, new Float32Array(4))).toThrow('out must have length 2, got 4');
  expect(() => checkpointSteps(0, 1)).toThrow('epochs must be an integer >= 1, got epochs=0');
  expect(() => checkpointSteps(1, 0.5)).toThrow('batches must be an integer >= 1, got batches=0.5');
});
