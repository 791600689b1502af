import type { Tensor } from '@hyperribbon/autodiff';
import { describe } from '@hyperribbon/contract';
import type { Dtype } from '@hyperribbon/kernels';
import type { ElementType } from '../protobuf/elementTypes.js';
import type { OnnxAttribute, OnnxGraph } from '../protobuf/model.js';
import { showShape } from './shapes.js';
import { type Arrays, type Known, type Traced, type Value, plain, plainTensor, tensorOf } from './value.js';

/** Which of its two functions a graph computes: what it says, what PyTorch's `eval()` would, or what `train()` would. */
export type Mode = 'as-written' | 'evaluation' | 'training';

/** What an operator is given: its inputs, its attributes, and where it stands. */
export interface Call {
  readonly operator: string;
  /** version of the operators that the file was written for */
  readonly opset: number;
  readonly mode: Mode;
  /** of the program that is traced */
  readonly dtype: Dtype;
  readonly inputs: readonly (Value | undefined)[];
  /** names of the node's inputs */
  readonly names: readonly string[];
  /** how many outputs the node has */
  readonly outputs: number;

  /** @throws FormatError that names the node */
  refuse(sentence: string): never;
  has(input: number): boolean;
  /** a tensor of any layout; known numbers become constants of the program */
  input(input: number): Traced;
  /** a tensor with axes as the file means them */
  tensor(input: number): Tensor;
  /** any value as such a tensor */
  tensorOf(value: Known | Traced): Tensor;
  /** numbers that must be known when the graph is traced, such as a shape */
  numbers(input: number, what: string): readonly number[];
  /** one such number */
  number(input: number, what: string): number;
  /** the value itself if it is known */
  known(input: number): Known | undefined;

  int(name: string, otherwise: number): number;
  float(name: string, otherwise: number): number;
  text(name: string, otherwise: string): string;
  ints(name: string): readonly number[] | undefined;
  attribute(name: string): OnnxAttribute | undefined;
  graph(name: string): OnnxGraph;
  /** runs a graph that is an attribute of the node, on values for its inputs */
  run(graph: OnnxGraph, inputs: readonly Value[]): readonly Value[];
  /** uniform draws of this shape for each example, (batch, …): dropout in training mode */
  draw?(shape: readonly number[]): Tensor;
  /** says what buffers of these names become in a step of training */
  keep?(values: Readonly<Record<string, Tensor>>): void;
}

/** One operator: its outputs, one or several. */
export type Operator = (call: Call) => Value | readonly Value[];

/** What a call is made of. */
export type CallParts = Pick<
  Call,
  'operator' | 'opset' | 'mode' | 'dtype' | 'inputs' | 'names' | 'outputs' | 'refuse' | 'run'
> &
  Partial<Pick<Call, 'draw' | 'keep'>> & {
    readonly attributes: ReadonlyMap<string, OnnxAttribute>;
    readonly arrays: Arrays;
  };

type Kind = OnnxAttribute['kind'];
type ValueOf<K extends Kind> = Extract<OnnxAttribute, { kind: K }>['value'];

/** A call of an operator from its parts. */
export function callOf({ attributes, arrays, ...parts }: CallParts): Call {
  const { inputs, dtype, refuse } = parts;
  const given = (input: number): Known | Traced => {
    const value = inputs[input];
    if (value === undefined) return refuse(`input ${input} is missing`);
    if (value.kind === 'sequence') return refuse(`input ${input} is a sequence, a tensor is needed`);
    return value;
  };
  const input = (number: number): Traced => {
    const value = given(number);
    return value.kind === 'traced' ? value : plain(value.type, tensorOf(value, dtype, arrays));
  };
  const numbers = (number: number, what: string): readonly number[] => {
    const value = given(number);
    if (value.kind === 'known') return [...value.data];
    return refuse(
      `${what} depends on the data that is fed, so that it is not known when the graph is read; export with fixed shapes apart from the batch`,
    );
  };
  const attribute = <K extends Kind>(name: string, kind: K): ValueOf<K> | undefined => {
    const found = attributes.get(name);
    if (found === undefined) return undefined;
    const { value } = found;
    // files without types of attributes do not tell an empty list of one kind from one of another
    const empty = Array.isArray(value) && value.length === 0;
    if (found.kind !== kind && !empty && !(kind === 'float' && found.kind === 'int'))
      refuse(`attribute ${describe(name)} must be of kind ${kind}, got ${found.kind}`);
    return value as ValueOf<K> | undefined;
  };
  return {
    ...parts,
    has: (number) => inputs[number] !== undefined,
    input,
    tensor: (number) => plainTensor(input(number)),
    tensorOf: (value) => (value.kind === 'known' ? tensorOf(value, dtype, arrays) : plainTensor(value)),
    numbers,
    number(number, what) {
      const list = numbers(number, what);
      if (list.length !== 1) refuse(`${what} must be one number, got ${list.length}`);
      return list[0];
    },
    known(number) {
      const value = inputs[number];
      return value?.kind === 'known' ? value : undefined;
    },
    int: (name, otherwise) => attribute(name, 'int') ?? otherwise,
    float: (name, otherwise) => attribute(name, 'float') ?? otherwise,
    text: (name, otherwise) => attribute(name, 'string') ?? otherwise,
    ints: (name) => attribute(name, 'ints'),
    attribute: (name) => attributes.get(name),
    graph: (name) => attribute(name, 'graph') ?? refuse(`attribute ${name} must be a graph`),
  };
}

/** An axis of a shape of this rank; negative ones count from the last. @throws FormatError that names the node for one beyond it */
export function axisOf(call: Call, axis: number, rank: number): number {
  const resolved = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || resolved < 0 || resolved >= Math.max(rank, 1))
    call.refuse(`axis ${axis} does not exist in a shape of ${rank} axes`);
  return resolved;
}

/** Axes from an attribute in old opsets, from an input in new ones; undefined where neither is given. */
export function axesOf(call: Call, input: number, rank: number): number[] | undefined {
  const given = call.ints('axes') ?? (call.has(input) ? call.numbers(input, 'axes') : undefined);
  return given?.map((axis) => axisOf(call, axis, rank)).sort((a, b) => a - b);
}

/** Whether numbers of this type are whole. */
export function isWhole(type: ElementType): boolean {
  return /^u?int/.test(type);
}

/** @throws FormatError that names the node unless the shape has one of these ranks */
export function requireRank(call: Call, shape: readonly number[], ...ranks: readonly number[]): void {
  if (!ranks.includes(shape.length))
    call.refuse(`takes tensors of ${ranks.join(' or ')} axes, got ${showShape(shape)}`);
}
