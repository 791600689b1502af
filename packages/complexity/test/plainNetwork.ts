import { svd } from '@hyperribbon/lanczos/svd';
import type { LayerNorms, MatrixNorms, NetworkNorms, SampleNorms } from '../src/index.js';

/** A matrix, row-major. */
export interface PlainMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: readonly number[];
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const norm = (values: readonly number[]): number => Math.sqrt(sum(values.map((x) => x * x)));
const column = ({ rows, columns, values }: PlainMatrix, j: number): number[] =>
  Array.from({ length: rows }, (_, i) => values[i * columns + j] as number);
const rowsOf = ({ rows, columns, values }: PlainMatrix): number[][] =>
  Array.from({ length: rows }, (_, i) => values.slice(i * columns, (i + 1) * columns));

/** The norms of a matrix by their definitions, without the code under test. */
export function plainNorms(matrix: PlainMatrix): MatrixNorms {
  const { rows, columns, values } = matrix;
  const singularValues = svd(Float64Array.from(values), rows, columns).values;
  const lengths = rowsOf(matrix).map(norm);
  return {
    rows,
    columns,
    spectral: singularValues[0] as number,
    spectralIs: 'exact',
    singularValues,
    frobenius: norm(values),
    rowSum: sum(lengths),
    columnSum: sum(Array.from({ length: columns }, (_, j) => norm(column(matrix, j)))),
    largestRow: Math.max(...lengths),
    largestRowOne: Math.max(...rowsOf(matrix).map((row) => sum(row.map(Math.abs)))),
    threeOneHalf: sum(rowsOf(matrix).map((row) => Math.cbrt(sum(row.map((x) => Math.abs(x) ** 3))) ** 1.5)) ** (2 / 3),
  };
}

/** A network of dense layers with rectifiers and no biases, as plain data. */
export function plainNetwork(weights: readonly PlainMatrix[]): NetworkNorms {
  const layers = weights.map((matrix, i): LayerNorms => {
    const map = plainNorms(matrix);
    const single = { positions: 1, reads: 1, width: 1, lipschitz: 1 };
    return {
      name: `W${i + 1}`,
      kind: 'dense',
      filters: map,
      map,
      parameters: matrix.values.length,
      biases: 0,
      ...single,
    };
  });
  const [first, last] = [weights[0] as PlainMatrix, weights.at(-1) as PlainMatrix];
  const parameters = sum(layers.map((layer) => layer.parameters));
  return { name: 'plain', layers, inputs: first.columns, outputs: last.rows, parameters, outside: [] };
}

/** A sample as plain data: X one example a row. */
export function plainSample(X: PlainMatrix, margins: readonly number[]): SampleNorms {
  const features = Array.from({ length: X.columns }, (_, j) => sum(column(X, j).map((x) => x * x)));
  const radius = Math.max(...rowsOf(X).map(norm));
  return {
    count: X.rows,
    features: X.columns,
    radius,
    frobenius: norm(X.values),
    largestEntry: Math.max(...X.values.map(Math.abs)),
    largestFeature: Math.max(...features),
    margins: Float64Array.from(margins),
    largestOutput: NaN,
    largestPatches: Float64Array.of(radius),
    patchFrobenius: norm(X.values),
  };
}
