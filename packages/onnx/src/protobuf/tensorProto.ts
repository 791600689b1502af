import { describe } from '@hyperribbon/contract';
import { FormatError } from '@hyperribbon/data';
import { type ElementType, elementBytes, elementType, elementTypeName } from './elementTypes.js';
import {
  type Field,
  type Span,
  appendFloats,
  appendIntegers,
  contentOf,
  fieldsOf,
  integerOf,
  malformed,
  textOf,
} from './wire.js';

/**
 * An array of an ONNX file. float16 and bfloat16 are widened to float32; integers and truths are doubles, those of 64 bits beyond 2^53 the
 * nearest one.
 */
export interface OnnxTensor {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** row-major */
  readonly data: Float32Array | Float64Array;
}

/** Where a tensor lies that is not in the model's file. */
export interface ExternalPlace {
  /** as the file has it, and not to be trusted: a path may point anywhere */
  readonly location: string;
  readonly offset: number;
  /** bytes that the tensor needs */
  readonly length: number;
}

/** Gives the bytes of external data, or undefined where there are none. */
export type ExternalData = (place: ExternalPlace) => Uint8Array | undefined;

/** Fields of a TensorProto as they lie in the file, before they are checked against each other. */
interface Raw {
  name: string;
  dims: number[];
  code: number;
  raw: Span | undefined;
  typed: Map<number, number[]>;
  strings: boolean;
  external: boolean;
  entries: Map<string, string>;
}

/** numbers of the fields that hold elements one by one, and the width of floats in them; integers are varints */
const typedFields: ReadonlyMap<number, 4 | 8 | undefined> = new Map([
  [4, 4],
  [5, undefined],
  [7, undefined],
  [10, 8],
  [11, undefined],
]);

/** the field in which elements of a type are stored one by one */
const fieldOf: Readonly<Record<ElementType, number>> = {
  float32: 4,
  float64: 10,
  float16: 5,
  bfloat16: 5,
  int64: 7,
  int32: 5,
  int16: 5,
  int8: 5,
  uint64: 11,
  uint32: 11,
  uint16: 5,
  uint8: 5,
  bool: 5,
};

/**
 * Reads a TensorProto.
 *
 * @param external where data outside the file comes from; without it such a tensor is refused, and no path is ever opened here
 * @throws FormatError for element types that are no numbers, negative or overflowing shapes, data of another length than the shape says,
 * data that is given twice, external data that is not given
 */
export function readTensor(span: Span, external?: ExternalData): OnnxTensor {
  const raw = rawTensor(span);
  const what = `tensor ${describe(raw.name)}`;
  const type = elementType(raw.code);
  if (type === undefined)
    throw new FormatError('onnx', `${what} holds ${elementTypeName(raw.code)}, which is not read`, {
      unsupported: true,
    });
  const count = countOf(raw.dims, what);
  const shape = raw.dims;
  const given = [...raw.typed].filter(([, list]) => list.length > 0);
  if (raw.strings) malformed(`${what} holds ${type} but stores text`);
  if (Number(raw.raw !== undefined && raw.raw.end > raw.raw.start) + given.length + Number(raw.external) > 1)
    malformed(`${what} is stored twice: raw and typed data, or external data beside them`);
  if (raw.external)
    return { name: raw.name, type, shape, data: outside(raw, what, count * elementBytes[type], type, external) };
  if (given.length > 0) {
    const [[field, list]] = given;
    if (field !== fieldOf[type]) malformed(`${what} holds ${type} but stores its elements in field ${field}`);
    return { name: raw.name, type, shape, data: fromList(list, type, count, what) };
  }
  const found = raw.raw ?? { bytes: span.bytes, start: span.start, end: span.start };
  return { name: raw.name, type, shape, data: fromBytes(found, type, count, what) };
}

function rawTensor(span: Span): Raw {
  const raw: Raw = {
    name: '',
    dims: [],
    code: 0,
    raw: undefined,
    typed: new Map(),
    strings: false,
    external: false,
    entries: new Map(),
  };
  for (const field of fieldsOf(span)) readField(raw, field);
  return raw;
}

function readField(raw: Raw, field: Field): void {
  const what = `a tensor${raw.name === '' ? '' : ` (${describe(raw.name)})`}`;
  const { number } = field;
  if (number === 1) appendIntegers(field, `the shape of ${what}`, raw.dims);
  else if (number === 2) raw.code = integerOf(field, `the element type of ${what}`);
  else if (number === 3) malformed(`${what} is cut into segments, which is not read`);
  else if (number === 6) raw.strings = true;
  else if (number === 8) raw.name = textOf(field, `the name of ${what}`);
  else if (number === 9) raw.raw = contentOf(field, `raw data of ${what}`);
  else if (number === 13) readEntry(raw, contentOf(field, `external data of ${what}`));
  else if (number === 14) raw.external = integerOf(field, `the place of ${what}`) === 1;
  else if (typedFields.has(number)) {
    const list = raw.typed.get(number) ?? [];
    const width = typedFields.get(number);
    if (width === undefined) appendIntegers(field, `elements of ${what}`, list);
    else appendFloats(field, `elements of ${what}`, width, list);
    raw.typed.set(number, list);
  }
}

function readEntry(raw: Raw, span: Span): void {
  let [key, value] = ['', ''];
  for (const field of fieldsOf(span)) {
    if (field.number === 1) key = textOf(field, 'a key of external data');
    if (field.number === 2) value = textOf(field, 'a value of external data');
  }
  raw.entries.set(key, value);
}

function countOf(dims: readonly number[], what: string): number {
  if (dims.length > 32) malformed(`${what} has ${dims.length} axes; most is 32`);
  let count = 1;
  for (const length of dims) {
    if (!Number.isSafeInteger(length) || length < 0) malformed(`${what} has an axis of length ${length}`);
    count *= length;
  }
  // checked beside the product: an axis of length 0 would hide overflow
  const most = dims.reduce((product, length) => product * Math.max(1, length), 1);
  if (!Number.isSafeInteger(most)) malformed(`${what} has more elements than can be: (${dims.join(', ')})`);
  return count;
}

function requireCount(found: number, count: number, what: string, unit: string): void {
  if (found !== count)
    malformed(`${what} needs ${count} ${unit}, but the file has ${found}: it is damaged or was cut short`);
}

function fromList(list: readonly number[], type: ElementType, count: number, what: string): OnnxTensor['data'] {
  requireCount(list.length, count, what, 'elements');
  if (type === 'float16' || type === 'bfloat16') return Float32Array.from(list, type === 'float16' ? half : brain);
  if (type === 'float32') return Float32Array.from(list);
  if (type === 'uint64') return Float64Array.from(list, (x) => (x < 0 ? x + 2 ** 64 : x));
  return Float64Array.from(list);
}

function fromBytes({ bytes, start, end }: Span, type: ElementType, count: number, what: string): OnnxTensor['data'] {
  const width = elementBytes[type];
  requireCount(end - start, count * width, what, 'bytes');
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, end - start);
  if (type === 'float32' || type === 'float64') {
    // the copy aligns them; every machine that runs WebAssembly is little-endian
    const { buffer } = Uint8Array.from(bytes.subarray(start, end));
    return type === 'float32' ? new Float32Array(buffer) : new Float64Array(buffer);
  }
  const read = readers[type];
  const data = type === 'float16' || type === 'bfloat16' ? new Float32Array(count) : new Float64Array(count);
  for (let i = 0; i < count; i++) data[i] = read(view, i * width);
  return data;
}

const readers: Readonly<Record<Exclude<ElementType, 'float32' | 'float64'>, (view: DataView, at: number) => number>> = {
  float16: (view, at) => half(view.getUint16(at, true)),
  bfloat16: (view, at) => brain(view.getUint16(at, true)),
  int64: (view, at) => view.getInt32(at + 4, true) * 2 ** 32 + view.getUint32(at, true),
  uint64: (view, at) => view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true),
  int32: (view, at) => view.getInt32(at, true),
  uint32: (view, at) => view.getUint32(at, true),
  int16: (view, at) => view.getInt16(at, true),
  uint16: (view, at) => view.getUint16(at, true),
  int8: (view, at) => view.getInt8(at),
  uint8: (view, at) => view.getUint8(at),
  bool: (view, at) => (view.getUint8(at) === 0 ? 0 : 1),
};

/** IEEE binary16 from its bits. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

/** bfloat16 from its bits: the upper half of a float32. */
function brain(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, (bits & 0xffff) * 2 ** 16);
  return view.getFloat32(0);
}

/** @throws FormatError where no source is given, or it has other bytes than are needed */
function outside(
  { entries, name }: Raw,
  what: string,
  length: number,
  type: ElementType,
  external: ExternalData | undefined,
): OnnxTensor['data'] {
  const location = entries.get('location') ?? '';
  const offset = Number(entries.get('offset') ?? 0);
  const stated = Number(entries.get('length') ?? length);
  if (external === undefined)
    malformed(
      `${what} lies outside the file, in ${describe(location)}: give its bytes by the option external, or save the model as one file`,
    );
  if (!Number.isSafeInteger(offset) || offset < 0 || stated !== length)
    malformed(`${what} lies at offset ${offset} with ${stated} bytes, but needs ${length}`);
  const bytes = external({ location, offset, length });
  if (bytes?.length !== length)
    malformed(`${what} needs ${length} bytes of ${describe(location)}, got ${bytes?.length ?? 'none'}`);
  return fromBytes({ bytes, start: 0, end: length }, type, length / elementBytes[type], `tensor ${describe(name)}`);
}
