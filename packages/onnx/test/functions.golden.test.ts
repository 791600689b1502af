/** Operators that a file defines itself are written out: a file made with onnx 1.12 for Python, its function calls another. */
import { isArgumentError } from '@hyperribbon/contract';
import { evaluateOnnx, onnxNetwork, parseOnnx } from '@hyperribbon/onnx';
import { describe, expect, it } from 'vitest';
import { bytes as field, message, text } from './build.js';

// layer(x, w) = scaled(LeakyRelu(x w, alpha = slope)), scaled(a) = 2 a; y = layer(layer(x, w; 0.5), v; 0.25)
const file = Uint8Array.from(
  Buffer.from(
    'CAg62gEKMgoBeAoBdxIBaBoFZmlyc3QiBWxheWVyKg8KBXNsb3BlFQAAAD+gAQE6CHBrZy5taW5lCjMKAWgKAXYSAXkaBnNlY29uZCIFbGF5ZXIqDwoFc2xvcGUVAACAPqABAToIcGtnLm1pbmUSAWcqIwgDCAIQAUIBd0oYAAAgwAAAwL8AAAC/AAAAPwAAwD8AACBAKhsIAggCEAFCAXZKEAAAgD8AAABAAABAwAAAAD9aFAoBeBIPCg0IARIJCgMSAU4KAggDYhQKAXkSDwoNCAESCQoDEgFOCgIIAkIECgAQEUIMCghwa2cubWluZRABygFUCgZzY2FsZWQiAWEqAWI6JBIBayIIQ29uc3RhbnQqFQoLdmFsdWVfZmxvYXQVAAAAQKABAToOCgFhCgFrEgFiIgNNdWxKBAoAEBFSCHBrZy5taW5lygGJAQoFbGF5ZXIiAXgiAXcqAXkyBXNsb3BlOhEKAXgKAXcSAWgiBk1hdE11bDolCgFoEgFyIglMZWFreVJlbHUqEgoFYWxwaGGgAQGqAQVzbG9wZToYCgFyEgF5IgZzY2FsZWQ6CHBrZy5taW5lSgQKABARSgwKCHBrZy5taW5lEAFSCHBrZy5taW5l',
    'base64',
  ),
);

describe('a file with functions', () => {
  it('has them, and what refers to attributes of a call', () => {
    const { functions } = parseOnnx(file);
    expect(functions.map(({ domain, name }) => `${domain}.${name}`)).toEqual(['pkg.mine.scaled', 'pkg.mine.layer']);
    expect(functions[1].nodes[1].attributes.get('alpha')).toEqual({ kind: 'reference', value: 'slope' });
  });

  it('computes them with the attributes of each call', () => {
    const { network, params } = onnxNetwork(file);
    expect(network.parameters.map(({ name, shape }) => [name, shape])).toEqual([
      ['w', [3, 2]],
      ['v', [2, 2]],
    ]);
    expect(params.length).toBe(10);
    // by NumPy, with the formula above
    expect([...evaluateOnnx(file, { x: { shape: [1, 3], data: [1, 2, -1] } }).y.data]).toEqual([8, -5.75]);
  });

  it('that call each other without end is refused', () => {
    const call = (operator: string): Uint8Array =>
      message(1, text(1, 'x'), text(2, 'y'), text(4, operator), text(7, 'p'));
    const nodes = (operator: string): Uint8Array => field(7, call(operator).subarray(2));
    const define = (name: string, ...calls: readonly string[]): Uint8Array =>
      message(25, text(1, name), text(4, 'x'), text(5, 'y'), ...calls.map(nodes), text(10, 'p'));
    const graph = message(7, call('f'), message(11, text(1, 'x')), message(12, text(1, 'y')));
    for (const functions of [
      [define('f', 'f')],
      [define('f', 'g'), define('g', 'f')],
      // 3 calls each, 12 deep: half a million nodes in a few hundred bytes
      Array.from({ length: 12 }, (_, i) =>
        define('fghijklmnopq'[i], ...Array.from({ length: 3 }, () => 'ghijklmnopqr'[i])),
      ),
    ]) {
      let error: unknown;
      try {
        onnxNetwork(Uint8Array.from([graph, ...functions].flatMap((part) => [...part])));
      } catch (thrown) {
        error = thrown;
      }
      expect(isArgumentError(error)).toBe(true);
      expect((error as Error).message).toMatch(/is one too many: functions of the file call each other without end/);
    }
  });
});
