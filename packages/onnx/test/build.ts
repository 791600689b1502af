/** Small ONNX files for tests, encoded by hand: what the reader reads must not be checked with our own writer alone. */

type Part = Uint8Array;

const join = (parts: readonly Part[]): Part => Uint8Array.from(parts.flatMap((part) => [...part]));

function varint(value: number | bigint): Part {
  let rest = BigInt.asUintN(64, BigInt(value));
  const out: number[] = [];
  while (rest >= 128n) {
    out.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return Uint8Array.from([...out, Number(rest)]);
}

export const int = (field: number, value: number | bigint): Part => join([varint(field * 8), varint(value)]);
export const bytes = (field: number, content: Part): Part =>
  join([varint(field * 8 + 2), varint(content.length), content]);
export const text = (field: number, value: string): Part => bytes(field, new TextEncoder().encode(value));
export const message = (field: number, ...parts: readonly Part[]): Part => bytes(field, join(parts));
export const float = (field: number, value: number): Part =>
  join([varint(field * 8 + 5), new Uint8Array(Float32Array.of(value).buffer)]);

/** A tensor: floats as float32, `int64` for shapes and the like. */
export interface Weights {
  readonly shape: readonly number[];
  readonly data: readonly number[] | Float32Array;
  readonly type?: 'float32' | 'float64' | 'int64';
}

export function tensor(field: number, name: string, { shape, data, type = 'float32' }: Weights): Part {
  const codes = { float32: 1, float64: 11, int64: 7 };
  const arrays = {
    float32: () => Float32Array.from(data),
    float64: () => Float64Array.from(data),
    int64: () => BigInt64Array.from([...data].map(BigInt)),
  };
  const raw = new Uint8Array(arrays[type]().buffer);
  return message(field, ...shape.map((n) => int(1, n)), int(2, codes[type]), text(8, name), bytes(9, raw));
}

/** A graph within a node, its inputs by name. */
export interface Inner {
  readonly nodes: readonly Node[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export type Attribute = number | string | readonly number[] | { readonly float: number } | Weights | Inner;

function attribute(name: string, value: Attribute): Part {
  if (typeof value === 'number') return message(5, text(1, name), int(3, value), int(20, 2));
  if (typeof value === 'string') return message(5, text(1, name), text(4, value), int(20, 3));
  if ('float' in value) return message(5, text(1, name), float(2, value.float), int(20, 1));
  if ('nodes' in value) {
    const names = value.inputs.map((input) => message(11, text(1, input)));
    const graph = message(
      6,
      ...value.nodes.map(nodeOf),
      ...names,
      ...value.outputs.map((output) => message(12, text(1, output))),
    );
    return message(5, text(1, name), graph, int(20, 5));
  }
  if ('shape' in value) return message(5, text(1, name), tensor(5, '', value), int(20, 4));
  return message(5, text(1, name), ...value.map((n) => int(8, n)), int(20, 7));
}

export interface Node {
  readonly op: string;
  readonly in: readonly string[];
  readonly out: readonly string[];
  readonly name?: string;
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

export interface Model {
  readonly nodes: readonly Node[];
  readonly weights?: Readonly<Record<string, Weights>>;
  /** name → shape of the input; a string is an open length */
  readonly inputs: Readonly<Record<string, readonly (number | string)[]>>;
  readonly outputs: readonly string[];
  readonly opset?: number;
  /** element type of the inputs, 1 float32, 7 int64 */
  readonly inputType?: number;
}

function nodeOf(node: Node): Part {
  return message(
    1,
    ...node.in.map((name) => text(1, name)),
    ...node.out.map((name) => text(2, name)),
    text(3, node.name ?? ''),
    text(4, node.op),
    ...Object.entries(node.attributes ?? {}).map(([name, value]) => attribute(name, value)),
  );
}

/** The bytes of a model. */
export function onnx({ nodes, weights = {}, inputs, outputs, opset = 17, inputType = 1 }: Model): Uint8Array {
  const graph = message(
    7,
    ...nodes.map(nodeOf),
    text(2, 'net'),
    ...Object.entries(weights).map(([name, value]) => tensor(5, name, value)),
    ...Object.entries(inputs).map(([name, shape]) => {
      const lengths = shape.map((n) => message(1, typeof n === 'number' ? int(1, n) : text(2, n)));
      return message(11, text(1, name), message(2, message(1, int(1, inputType), message(2, ...lengths))));
    }),
    ...outputs.map((name) => message(12, text(1, name))),
  );
  return join([int(1, 8), graph, message(8, int(2, opset))]);
}

/** Numbers in (−1, 1) that follow from a seed. */
export function numbers(count: number, seed: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const x = Math.sin((i + 1) * 12.9898 + seed * 78.233) * 43758.5453;
    return Math.fround(2 * (x - Math.floor(x)) - 1);
  });
}
