import type { ElementType as Elements } from '@hyperribbon/autodiff';
import { refuse } from '@hyperribbon/contract';
import type { ElementType } from '../protobuf/elementTypes.js';
import type { OnnxAttribute, OnnxNode } from '../protobuf/model.js';

/** public function that a graph is drafted for */
export const caller = 'onnxOf';

/** Numbers of a constant of a graph. */
export interface ConstantArray {
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** A graph that is being written. */
export interface Draft {
  /** examples of the program that is written: lengths that are multiples of it stay open */
  readonly batch: number;
  /** Adds a node. @returns the name of its output */
  node(
    operator: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, number | readonly number[] | { readonly float: number }>>,
  ): string;
  /** The name of a constant; small ones are kept once. */
  constant(array: ConstantArray): string;
  /** A number of a floating-point type, without axes. */
  scalar(value: number, type: Elements): string;
  /** A list of integers. */
  integers(values: readonly number[]): string;
  /** A shape as a list of integers, where lengths that count examples are those of the run. */
  lengths(shape: readonly number[]): string;
  /** The shape that a reshape is given. @throws ArgumentError where two lengths count examples */
  shapeOf(shape: readonly number[]): string;
  /** The same numbers in another type. */
  cast(name: string, type: ElementType): string;
}

/** Constants of so many numbers or fewer are compared with those before. */
const SMALL = 64;
const CAST: Readonly<Record<string, number>> = { float32: 1, int32: 6, int64: 7, bool: 9, float64: 11 };

/** @param examples name and batch of the graph's input, whose first axis counts examples */
export function createDraft(examples: string, batch: number): { readonly draft: Draft; readonly nodes: OnnxNode[] } {
  const nodes: OnnxNode[] = [];
  const known = new Map<string, string>();
  const once = (key: string, make: () => string): string => {
    const name = known.get(key) ?? make();
    known.set(key, name);
    return name;
  };
  const push = (
    operator: string,
    inputs: readonly string[],
    attributes: ReadonlyMap<string, OnnxAttribute>,
  ): string => {
    const name = `${operator}_${nodes.length}`;
    nodes.push({ name, operator, domain: '', inputs, outputs: [`${name}_output`], attributes });
    return `${name}_output`;
  };
  const constant: Draft['constant'] = ({ type, shape, data }) => {
    const make = (): string => {
      const value = { name: '', type, shape, data: Float64Array.from(data) };
      return push('Constant', [], new Map([['value', { kind: 'tensor', value }]]));
    };
    return data.length > SMALL ? make() : once(`${type} ${shape.join()} ${Array.from(data, show).join()}`, make);
  };
  const integers: Draft['integers'] = (values) => constant({ type: 'int64', shape: [values.length], data: values });
  const node: Draft['node'] = (operator, inputs, attributes = {}) =>
    push(operator, inputs, new Map(Object.entries(attributes).map(([key, value]) => [key, attributeOf(value)])));
  const count = (times: number): string =>
    once(`examples ${times}`, () => {
      const one = once('examples 1', () => node('Gather', [node('Shape', [examples]), integers([0])], { axis: 0 }));
      return times === 1 ? one : node('Mul', [one, integers([times])]);
    });
  const open = (length: number): boolean => length !== 0 && length % batch === 0;
  const draft: Draft = {
    batch,
    node,
    constant,
    integers,
    scalar: (value, type) => constant({ type, shape: [], data: [value] }),
    lengths(shape) {
      if (!shape.some(open)) return integers(shape);
      return node(
        'Concat',
        shape.map((length) => (open(length) ? count(length / batch) : integers([length]))),
        { axis: 0 },
      );
    },
    shapeOf(shape) {
      if (shape.filter(open).length > 1)
        refuse(caller, `(${shape.join(', ')}) has two axes that count examples: the network mixes examples`);
      return integers(shape.map((length) => (open(length) ? -1 : length)));
    },
    cast: (name, type) => once(`cast ${name} ${type}`, () => node('Cast', [name], { to: CAST[type] })),
  };
  return { draft, nodes };
}

/** -0 and 0 are different constants. */
function show(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function attributeOf(value: number | readonly number[] | { readonly float: number }): OnnxAttribute {
  if (typeof value === 'number') return { kind: 'int', value };
  return 'float' in value ? { kind: 'float', value: value.float } : { kind: 'ints', value };
}
