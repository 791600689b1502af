import { refuse } from '@hyperribbon/contract';
import type { FloatArray } from '@hyperribbon/kernels';
import type { ParameterSpec } from '../../network.js';
import type { Optimizer } from './optimizer.js';
import { planOrthogonalize } from './orthogonalize.js';
import { adamUpdate } from './rules.js';
import { type WeightRange, weightRanges } from './weightDecay.js';

type Muon = Extract<Optimizer, { readonly kind: 'muon' }>;

/** What moves weights by Muon, without their decay, and its memory: momentum of all weights, then squares of those that AdamW moves. */
export interface MuonRule {
  readonly slots: readonly FloatArray[];
  move(weights: FloatArray, gradient: FloatArray, learningRate: number, updates: number): void;
}

/** @throws ArgumentError without the shapes of the weights, and for an exception that is no parameter */
export function muonRule(
  optimizer: Muon,
  like: FloatArray,
  parameters: readonly ParameterSpec[] | undefined,
  deterministic: boolean,
): MuonRule {
  if (parameters === undefined)
    return refuse('createUpdate', 'muon needs the shapes of the weights: give the network’s parameters');
  const unknown = optimizer.except.find((name) => !parameters.some((parameter) => parameter.name === name));
  if (unknown !== undefined)
    refuse('createUpdate', `muon: except names ${unknown}, which is no parameter of the network`);
  const ranges = weightRanges(parameters);
  const isMatrix = ({ name, shape }: WeightRange): boolean => shape.length >= 2 && !optimizer.except.includes(name);
  const first = like.slice().fill(0);
  const matrices = ranges.filter(isMatrix).map((range) => matrixRule(optimizer, like, range, first, deterministic));
  const rest = ranges.filter((range) => !isMatrix(range));
  const squares = like.slice(
    0,
    rest.reduce((total, { from, to }) => total + to - from, 0),
  );
  squares.fill(0);
  return {
    slots: [first, squares],
    move(w, g, learningRate, updates) {
      for (const move of matrices) move(w, g, learningRate);
      let at = 0;
      for (const { from, to } of rest) {
        const own = squares.subarray(at, at + to - from);
        const [weights, gradient, mean] = [w, g, first].map((array) => array.subarray(from, to));
        adamUpdate(weights, gradient, mean, own, learningRate, updates, optimizer);
        at += to - from;
      }
    },
  };
}

/** W ← W − lr · 0.2 √max(rows, columns) · O, [liu2025, eq. 4] without the decay. */
function matrixRule(
  { momentum, nesterov, steps }: Muon,
  like: FloatArray,
  { shape, from, to }: WeightRange,
  momenta: FloatArray,
  deterministic: boolean,
): (w: FloatArray, g: FloatArray, learningRate: number) => void {
  const rows = shape[0];
  const columns = (to - from) / rows;
  const orthogonalize = planOrthogonalize(rows, columns, { steps, like, deterministic });
  const scale = 0.2 * Math.sqrt(Math.max(rows, columns));
  const direction = like.slice(from, to);
  const rest = 1 - momentum;
  return (w, g, learningRate) => {
    for (let i = from; i < to; i++) {
      const mean = momentum * momenta[i] + rest * g[i];
      momenta[i] = mean;
      direction[i - from] = nesterov ? rest * g[i] + momentum * mean : mean;
    }
    const O = orthogonalize(direction);
    const step = learningRate * scale;
    for (let i = from; i < to; i++) w[i] = w[i] - step * O[i - from];
  };
}
