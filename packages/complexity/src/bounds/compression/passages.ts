import {
  type Equation,
  type Program,
  type Tensor,
  add,
  compile,
  float64,
  full,
  jvp,
  matmul,
  square,
  sub,
  sum,
  vjp,
} from '@hyperribbon/autodiff';
import { type AffineMap, tap, view, weightMatrix } from '@hyperribbon/autodiff/walk';
import {
  type Network,
  type NetworkProgram,
  type ParameterTensors,
  parameterSpecs,
  weightsInOrder,
} from '@hyperribbon/nn';

/** What one example shows on its way through a network of d layers. */
export interface Passage {
  /** (d,) ‖φ(x^{i−1})‖ and ‖Aᵢ φ(x^{i−1})‖/‖Aᵢ‖_F, ‖x^i‖ */
  readonly entering: readonly number[];
  readonly carried: readonly number[];
  readonly leaving: readonly number[];
  readonly output: number;
  /** (d, d) ‖J^{i,j} x^i‖ and ‖J^{i,j}‖_F for i < j */
  readonly pushed: Float64Array;
  readonly jacobian: Float64Array;
}

type Forward = (w: ParameterTensors, x: Tensor) => Tensor[][];
type Shifted = (zeros: readonly Tensor[], w: ParameterTensors, x: Tensor) => Tensor[];

/** Plans all passes once, for one example at a time: forward, derivatives along what leaves a layer, and rows of Jacobians. */
export function planPassages(
  network: Network,
  { program, maps, run }: NetworkProgram,
  weights: Readonly<Record<string, Float64Array>>,
): (x: Float64Array) => Passage {
  const d = maps.length;
  const specs = parameterSpecs(network, 'float64');
  const x = float64(1, network.inputs);
  const outputs = maps.map(({ positions, outputs: columns }) => float64(positions, columns));
  const deterministic = { deterministic: true };
  const whole = { ...program, outputs: [...maps.map((map) => wholeInput(program, map).value), ...program.outputs] };
  const forward: Forward = (w, example) => {
    const { outputs: values, taps } = tap(whole, maps, [...weightsInOrder(network, w), example]);
    const products = taps.map(({ output }, i) => {
      const { bias } = maps[i]!;
      return bias === undefined ? output : sub(output, w[network.parameters[bias]!.name]!);
    });
    return [values.map(squares), products.map(squares), taps.map(({ output }) => output)];
  };
  const shifted: Shifted = (zeros, w, example) =>
    run(w, example, ({ output }, i) => (i < d - 1 ? add(output, zeros[i]!) : output))
      .taps.slice(1)
      .map(({ output }) => output);
  const hidden = outputs.slice(0, -1);
  const above = outputs.slice(1);
  const passes = compile(forward, [specs, x], deterministic);
  const push =
    d > 1 &&
    compile(
      (zeros: readonly Tensor[], w: ParameterTensors, example: Tensor, along: readonly Tensor[]) =>
        jvp((z: readonly Tensor[]) => shifted(z, w, example))([zeros], [along])[1],
      [hidden, specs, x, hidden],
      deterministic,
    );
  const pull =
    d > 1 &&
    compile(
      (zeros: readonly Tensor[], w: ParameterTensors, example: Tensor, back: readonly Tensor[]) =>
        vjp((z: readonly Tensor[]) => shifted(z, w, example))([zeros], back as Tensor[])[1][0],
      [hidden, specs, x, above],
      deterministic,
    );
  const frobenius = maps.map((map) => frobeniusOf(network, program, map, weights));
  const sizes = maps.map(({ positions, outputs: columns }) => positions * columns);
  return (example) => passageOf({ passes, push, pull, sizes, frobenius, weights } as Passes, example);
}

const squares = (value: Tensor): Tensor => sum(square(value));

/** What enters a layer whole: the images of a convolution, whose patches the program makes of them, with the equations that do. */
function wholeInput({ equations }: Program, { input, convolution }: AffineMap): { value: number; patches: Equation[] } {
  if (convolution === undefined) return { value: input, patches: [] };
  const patches: Equation[] = [];
  let value = input;
  while (patches[0]?.op !== 'im2col') {
    const maker = equations.find(({ output }) => output === value)!;
    patches.unshift(maker);
    value = maker.inputs[0]!;
  }
  return { value, patches };
}

/** ‖A‖_F of a layer on a whole example: squares of the weights, as often as they are used, padding left out. */
function frobeniusOf(
  network: Network,
  program: Program,
  map: AffineMap,
  weights: Readonly<Record<string, Float64Array>>,
): number {
  const { name, shape } = network.parameters[map.weight]!;
  const { value, patches } = wholeInput(program, map);
  const piece = { ...program, inputs: [value], equations: patches, outputs: [map.input] };
  const used = compile(
    (W: Tensor) => {
      const ones = tap(piece, [], [full([...program.values[value]!.shape], 1)]).outputs[0]!;
      return sum(matmul(view(ones, map.inputViews), square(weightMatrix(map, W))));
    },
    [float64(...shape)],
    { deterministic: true },
  );
  return Math.sqrt((used(weights[name]!) as Float64Array)[0]!);
}

interface Passes {
  readonly passes: (w: Weights, x: Float64Array) => readonly Arrays[];
  readonly push: (zeros: Arrays, w: Weights, x: Float64Array, along: Arrays) => Arrays;
  readonly pull: (zeros: Arrays, w: Weights, x: Float64Array, back: Arrays) => Arrays;
  readonly sizes: readonly number[];
  readonly frobenius: readonly number[];
  readonly weights: Weights;
}
type Arrays = readonly Float64Array[];
type Weights = Readonly<Record<string, Float64Array>>;

function passageOf({ passes, push, pull, sizes, frobenius, weights }: Passes, x: Float64Array): Passage {
  const d = sizes.length;
  const [norms, products, taps] = passes(weights, x);
  const entering = norms!.map((value) => Math.sqrt(value[0]!));
  const carried = products!.map((value, i) => Math.sqrt(value[0]!) / frobenius[i]!);
  const values = taps!.map((value) => Float64Array.from(value));
  const hidden = values.slice(0, -1);
  const zeros = hidden.map((value) => new Float64Array(value.length));
  const pushed = new Float64Array(d * d).fill(NaN);
  const jacobian = new Float64Array(d * d).fill(NaN);
  for (let i = 0; i < d - 1; i++) {
    const along = zeros.map((zero, k) => (k === i ? values[i]! : zero));
    push(zeros, weights, x, along).forEach((slope, k) => {
      if (k + 1 > i) pushed[i * d + k + 1] = norm(slope);
    });
  }
  const back = values.slice(1).map((value) => new Float64Array(value.length));
  for (let j = 1; j < d; j++) {
    const sums = new Float64Array(j);
    const one = back[j - 1]!;
    for (let r = 0; r < sizes[j]!; r++) {
      one[r] = 1;
      pull(zeros, weights, x, back).forEach((row, i) => {
        if (i < j) sums[i]! += norm(row) ** 2;
      });
      one[r] = 0;
    }
    for (let i = 0; i < j; i++) jacobian[i * d + j] = Math.sqrt(sums[i]!);
  }
  return { entering: entering.slice(0, d), carried, leaving: values.map(norm), output: entering[d]!, pushed, jacobian };
}

function norm(values: Float64Array): number {
  return Math.sqrt(values.reduce((total, value) => total + value * value, 0));
}
