import { operatorNames, parseOnnx } from '@hyperribbon/onnx';
import { reading } from '../reading.js';
import { besideOf } from './onnxModel.js';
import { readInput } from '../readInput.js';

/** What an ONNX file is made of, whether or not all of it is computed here. */
export interface OnnxOperators {
  readonly producer: string;
  readonly opset: number;
  /** how many nodes have each operator, most first, and whether it is computed */
  readonly operators: readonly { readonly name: string; readonly count: number; readonly computed: boolean }[];
}

/** @throws UsageError for a file that is damaged */
export async function onnxOperators(file: string): Promise<OnnxOperators> {
  const bytes = await readInput(file, '--model');
  const { graph, producer, opset } = reading('--model', file, () => parseOnnx(bytes, { external: besideOf(file) }));
  const counts = new Map<string, number>();
  for (const { operator, domain } of graph.nodes) {
    const name = domain === '' ? operator : `${domain}.${operator}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const operators = [...counts]
    .map(([name, count]) => ({ name, count, computed: operatorNames.includes(name) }))
    .sort((a, b) => b.count - a.count);
  return { producer, opset, operators };
}

/** In one line: `Conv 20, Relu 17, …`; those that are not computed last, and named so. */
export function operatorsText({ producer, opset, operators }: OnnxOperators): string {
  const list = (computed: boolean): string =>
    operators
      .filter((operator) => operator.computed === computed)
      .map(({ name, count }) => (count === 1 ? name : `${name} ×${count}`))
      .join(', ');
  const missing = list(false);
  return `ONNX opset ${opset}${producer === '' ? '' : `, written by ${producer}`}: ${list(true) || 'no nodes'}${missing === '' ? '' : `; not computed here: ${missing}`}`;
}
