import type { Equation, Program } from '@hyperribbon/autodiff';
import type { AffineMap } from '@hyperribbon/autodiff/walk';
import { type Activation, activationAfter, identity } from './activationAfter.js';
import { overlapOf, stretchOf } from './stretch.js';

/** How a value comes about: from one layer's output, or the examples, by what. */
export interface Path {
  /** number of the layer, −1: the examples; undefined: from several, or in a way that is not followed */
  readonly from: number | undefined;
  /** Lipschitz constant of the way, without `activation`; NaN where it is not known */
  readonly lipschitz: number;
  /** what stretched on the way, by more than 1 */
  readonly by: readonly string[];
  /** nothing but reshapes: the numbers in their order */
  readonly bare: boolean;
  /** where the channels of the layer's output are: the last axis; not known since axes changed their order; or summed up */
  readonly channels: 'last' | 'turned' | 'summed';
  /** function of the single numbers of value `base` that was applied since */
  readonly activation: Activation;
  readonly base: number;
  /** value whose largest numbers' places it holds */
  readonly placesOf?: number;
}

/** What stands between the layers of a network. */
export interface Between {
  /** of every layer: how its input comes about */
  readonly before: readonly (Path | undefined)[];
  /** how the output of the network does */
  readonly after: Path | undefined;
  /** whether every activation that was followed is positively homogeneous, as pooling always is */
  readonly homogeneous: boolean;
  /** sentences about operations outside f(x) = W_L φ(… φ(W₁ x)) */
  readonly outside: readonly string[];
}

/** The whole stretch of a path. */
export function lipschitzOf({ lipschitz, activation }: Path): number {
  return lipschitz * (activation.constants?.lipschitz ?? NaN);
}

/** What stretched on a path, its last activation with it. */
function stretching({ by, activation: { constants } }: Path): readonly string[] {
  return constants !== undefined && constants.lipschitz > 1 ? [...by, constants.name] : by;
}

/** Whether more than a rearrangement lies on a path. */
export function isActive({ activation, lipschitz }: Path): boolean {
  return activation.text !== 'x' || lipschitz !== 1;
}

/**
 * Follows the values of a network's program from layer to layer.
 *
 * @param layers all of `networkProgram(network).layers` @param examples number of the examples among the program's inputs
 * Cost: one pass over the equations
 */
export function between(program: Program, layers: readonly AffineMap[], examples: number): Between {
  const walk = new Walk(program, layers, examples);
  for (const equation of program.equations) walk.step(equation);
  const before = layers.map(({ input }) => walk.pathOf(input));
  const after = walk.pathOf(program.outputs[0]);
  for (const path of [...before, after]) if (path?.from !== undefined) walk.tell(path);
  return { before, after, homogeneous: walk.homogeneous, outside: [...walk.outside] };
}

/** Values that do not depend on the examples: constants with their range, others are made of parameters. */
type Still = { readonly low: number; readonly high: number } | 'parameters';

const lost = (base: number): Path => ({
  from: undefined,
  lipschitz: NaN,
  by: [],
  bare: false,
  channels: 'last',
  activation: identity,
  base,
});

const start = (from: number, base: number): Path => ({ ...lost(base), from, lipschitz: 1, bare: true });

const maxima = 'Maximum pooling is no function of single numbers, which theorems by peeling ask for.';

class Walk {
  readonly outside = new Set<string>();
  homogeneous = true;
  private readonly paths = new Map<number, Path>();
  private readonly stills = new Map<number, Still>();
  private readonly ends: ReadonlyMap<number, number>;
  private readonly products: ReadonlySet<number>;
  private readonly program: Program;

  constructor(program: Program, layers: readonly AffineMap[], examples: number) {
    this.program = program;
    this.ends = new Map(layers.map(({ output }, i) => [output, i]));
    this.products = productsOf(program, layers);
    program.inputs.forEach((value, i) => {
      if (i !== examples) this.stills.set(value, 'parameters');
    });
    for (const { value, data } of program.constants) this.stills.set(value, rangeOf(data));
    const x = program.inputs[examples];
    this.paths.set(x, start(-1, x));
  }

  pathOf(value: number): Path | undefined {
    return this.paths.get(value);
  }

  step(equation: Equation): void {
    const { inputs, output } = equation;
    const layer = this.ends.get(output);
    const moving = inputs.filter((value) => this.paths.has(value));
    if (layer !== undefined) this.paths.set(output, start(layer, output));
    else if (moving.length === 0) this.stills.set(output, this.stillOf(equation));
    else this.paths.set(output, this.pathAfter(equation, [...new Set(moving)]));
  }

  private stillOf({ op, inputs, params }: Equation): Still {
    if (op === 'full') return { low: params.value!, high: params.value! };
    const known = inputs.map((value) => this.stills.get(value)!);
    const views = op === 'broadcast' || op === 'reshape' || op === 'transpose' || op === 'slice' || op === 'convert';
    if (views) return known[0];
    if (op === 'pad' && known[0] !== 'parameters')
      return { low: Math.min(0, known[0].low), high: Math.max(0, known[0].high) };
    return 'parameters';
  }

  private pathAfter(equation: Equation, moving: readonly number[]): Path {
    const { op, inputs, output } = equation;
    const paths = moving.map((value) => this.paths.get(value)!);
    if (paths.some(({ from }) => from === undefined)) return lost(output);
    const [path] = paths;
    if (op === 'argmaxPool') return { ...path, placesOf: moving[0] };
    if (op === 'gatherFlat' && this.paths.get(inputs[1])?.placesOf === inputs[0]) {
      const maker = this.program.equations.find((other) => other.output === inputs[1])!;
      this.outside.add(maxima);
      return this.settled(path, output, Math.sqrt(overlapOf(maker.params.window!)), 'maximum pooling');
    }
    const entrywise = this.entrywise(equation, paths);
    if (entrywise !== undefined) return entrywise;
    if (moving.length > 1) return this.leave(op === 'matmul' ? 'attention' : 'meeting', op, output);
    // patches, and images of patches, belong to the convolution that reads or makes them
    if (op === 'im2col' || op === 'col2im') return { ...path, base: output };
    // inside a layer: its bias comes later
    if (this.products.has(output)) return { ...lost(output), from: path.from, lipschitz: 1 };
    const stretch = stretchOf(this.program, equation);
    if (stretch === undefined) return this.leave('operation', op, output);
    if (op === 'reduceMax') this.outside.add(maxima);
    const settled = this.settled(path, output, stretch, op === 'averagePool' ? 'average pooling' : op);
    return { ...settled, bare: op === 'reshape' && path.bare, channels: this.channelsAfter(path, equation) };
  }

  /** A function of single numbers: of one value, with constants. */
  private entrywise(equation: Equation, paths: readonly Path[]): Path | undefined {
    const [path] = paths;
    if (paths.some(({ base }) => base !== path.base)) return undefined;
    const operands = equation.inputs.map((value) => {
      const own = this.paths.get(value);
      return own === undefined ? (this.stills.get(value) as Still) : own.activation;
    });
    const activation = activationAfter(equation.op, operands);
    if (activation === undefined) return undefined;
    if (activation === 'parameters') return this.leave('parameters', equation.op, equation.output);
    return { ...path, bare: false, activation };
  }

  /** The path with its activation counted into its constant, and another operation after it. */
  private settled(path: Path, output: number, stretch: number, what: string): Path {
    this.tellActivation(path);
    const by = [...stretching(path), ...(stretch > 1 ? [what] : [])];
    return {
      ...path,
      lipschitz: lipschitzOf(path) * stretch,
      by,
      bare: false,
      activation: identity,
      base: output,
    };
  }

  private channelsAfter({ channels }: Path, { op, inputs, params }: Equation): Path['channels'] {
    if (channels !== 'last') return channels;
    if (op === 'transpose') return 'turned';
    const last = this.program.values[inputs[0]].shape.length - 1;
    return (op === 'reduceSum' || op === 'reduceMax') && params.axes!.includes(last) ? 'summed' : 'last';
  }

  /** Says where a whole path is not what the theorems ask for. */
  tell(path: Path): void {
    this.tellActivation(path);
    const lipschitz = lipschitzOf(path);
    // rounding of √k/k is no stretching
    if (lipschitz > 1 + 1e-12)
      this.outside.add(
        `What stands between layers stretches by up to ${Number(lipschitz.toPrecision(8))}, more than 1: ${stretching(path).join(', ')}.`,
      );
  }

  private tellActivation({ activation }: Path): void {
    const { constants, text } = activation;
    if (text === 'x') return;
    if (constants === undefined) {
      this.homogeneous = false;
      this.outside.add(`An activation, ${text}, has no Lipschitz constant that is known here.`);
      return;
    }
    const { name, fixesZero, homogeneous } = constants;
    if (!homogeneous) {
      this.homogeneous = false;
      this.outside.add(
        `The activation ${name} is not positively homogeneous, which theorems by peeling and by pieces ask for.`,
      );
    }
    if (!fixesZero) this.outside.add(`The activation ${name} does not send 0 to 0.`);
  }

  private leave(why: 'attention' | 'meeting' | 'operation' | 'parameters', op: string, output: number): Path {
    this.outside.add(
      {
        attention: 'Activations are multiplied with each other, as attention does.',
        meeting: `Paths that parted meet again (${op}): a skip connection or branches.`,
        operation: `An operation, ${op}, is no layer and no activation that is followed here.`,
        parameters: `Activations meet parameters of no layer (${op}): norms that are not folded, scales, embeddings of positions.`,
      }[why],
    );
    return lost(output);
  }
}

/** Values that are products of the layers, as yet without bias. */
function productsOf({ equations }: Program, layers: readonly AffineMap[]): ReadonlySet<number> {
  const makers = new Map(equations.map((equation) => [equation.output, equation]));
  const found = new Set<number>();
  const behind = (value: number): void => {
    const maker = makers.get(value);
    if (maker === undefined) return;
    if (maker.op === 'matmul' || maker.op === 'depthwise') found.add(value);
    else if (maker.op === 'add' || maker.op === 'reshape' || maker.op === 'transpose') maker.inputs.forEach(behind);
  };
  for (const { output } of layers) behind(output);
  return found;
}

function rangeOf(data: ArrayLike<number>): Still {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < data.length; i++) {
    low = Math.min(low, data[i]);
    high = Math.max(high, data[i]);
  }
  return { low, high };
}
