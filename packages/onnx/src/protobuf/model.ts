import { describe, refuseType, typedArrayName } from '@hyperribbon/contract';
import { type ElementType, elementType, elementTypeName } from './elementTypes.js';
import { shortest } from './shortest.js';
import { type ExternalData, type OnnxTensor, readTensor } from './tensorProto.js';
import {
  type Field,
  type Span,
  appendFloats,
  appendIntegers,
  contentOf,
  fieldsOf,
  floatOf,
  integerOf,
  malformed,
  textOf,
} from './wire.js';

/** What a graph says of one of its inputs or outputs. */
export interface OnnxValueInfo {
  readonly name: string;
  /** undefined where the value is no tensor of numbers */
  readonly type?: ElementType;
  /** what the file calls the type */
  readonly typeName: string;
  /** lengths, names of lengths that are open, or '' for one that is open and has no name; absent where even the rank is open */
  readonly shape?: readonly (number | string)[];
}

/** Value of a node's attribute. */
export type OnnxAttribute =
  | { readonly kind: 'float' | 'int'; readonly value: number }
  | { readonly kind: 'floats' | 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
  | { readonly kind: 'tensor'; readonly value: OnnxTensor }
  | { readonly kind: 'graph'; readonly value: OnnxGraph }
  /** within a function: the attribute of that name of the node that calls it */
  | { readonly kind: 'reference'; readonly value: string }
  | { readonly kind: 'other'; readonly value: string };

/** One operation of a graph. An empty input name stands for an optional input that is not given. */
export interface OnnxNode {
  readonly name: string;
  readonly operator: string;
  /** '' for the operators of ONNX itself */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

/** Nodes in the order of the file, which is one in which they can be computed. */
export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: ReadonlyMap<string, OnnxTensor>;
  /** those that are initialisers too are weights, the others are fed */
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
}

/** An operator that a file defines by nodes. */
export interface OnnxFunction {
  readonly name: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** of attributes that a call may leave off */
  readonly defaults: ReadonlyMap<string, OnnxAttribute>;
  readonly nodes: readonly OnnxNode[];
}

/** A model as its file has it. */
export interface OnnxModel {
  readonly irVersion: number;
  readonly producer: string;
  /** versions of the operators of ONNX itself; 1 where the file says none */
  readonly opset: number;
  /** versions by domain, that of ONNX itself under '' */
  readonly opsets: ReadonlyMap<string, number>;
  /** operators that the file defines itself */
  readonly functions: readonly OnnxFunction[];
  readonly graph: OnnxGraph;
}

/** Options of {@link parseOnnx}. */
export interface OnnxOptions {
  /** where tensors come from that are stored outside the file; without it they are refused. No path is ever opened */
  readonly external?: ExternalData;
}

/** graphs within attributes of nodes within graphs: those of Loop and If; more is an attack */
const DEEPEST = 12;

interface Context {
  readonly external: ExternalData | undefined;
  readonly depth: number;
}

/**
 * Reads an ONNX file: structure and weights, nothing is run and nothing outside the file is opened.
 *
 * @param bytes the whole file
 * @returns graph, weights (copied) and versions
 * @throws FormatError for files that are damaged, cut short, hostile, or hold what is no number (strings, quantised types of 8 bits and less);
 * ArgumentTypeError unless bytes are a Uint8Array
 * Cost: one pass over the bytes, one copy of the weights
 * Source: the protobuf encoding and onnx.proto3, both public
 * @example
 * parseOnnx(Uint8Array.of(8, 8, 58, 3, 18, 1, 103)).graph.name; // 'g'
 */
export function parseOnnx(bytes: Uint8Array, { external }: OnnxOptions = {}): OnnxModel {
  if (typedArrayName(bytes) !== 'Uint8Array') refuseType('parseOnnx', 'bytes', 'a Uint8Array', bytes);
  let [irVersion, producer, version] = [0, '', ''];
  let graph: Span | undefined;
  const opsets = new Map<string, number>();
  const functions: OnnxFunction[] = [];
  for (const field of fieldsOf({ bytes, start: 0, end: bytes.length })) {
    if (field.number === 1) irVersion = integerOf(field, 'the version of the format');
    else if (field.number === 2) producer = textOf(field, "the producer's name");
    else if (field.number === 3) version = textOf(field, "the producer's version");
    else if (field.number === 7) {
      if (graph !== undefined) malformed('the file has two graphs');
      graph = contentOf(field, 'the graph');
    } else if (field.number === 8) readOpset(contentOf(field, 'a version of operators'), opsets);
    else if (field.number === 25) functions.push(readFunction(contentOf(field, 'a function'), { external, depth: 0 }));
  }
  if (graph === undefined) malformed('there is no graph in the file: it is empty or no ONNX model');
  return {
    irVersion,
    producer: `${producer} ${version}`.trim(),
    opset: opsets.get('') ?? 1,
    opsets,
    functions,
    graph: readGraph(graph, { external, depth: 0 }),
  };
}

/**
 * Reads a file that holds one tensor, such as `input_0.pb` beside the models of ONNX's test data.
 *
 * @throws FormatError as {@link parseOnnx}
 * @example
 * parseOnnxTensor(Uint8Array.of(8, 2, 16, 6, 42, 2, 5, 7)); // { name: '', type: 'int32', shape: [2], data: [5, 7] }
 */
export function parseOnnxTensor(bytes: Uint8Array, { external }: OnnxOptions = {}): OnnxTensor {
  if (typedArrayName(bytes) !== 'Uint8Array') refuseType('parseOnnxTensor', 'bytes', 'a Uint8Array', bytes);
  return readTensor({ bytes, start: 0, end: bytes.length }, external);
}

function readOpset(span: Span, opsets: Map<string, number>): void {
  let [domain, version] = ['', 0];
  for (const field of fieldsOf(span)) {
    if (field.number === 1) domain = textOf(field, 'a domain of operators');
    if (field.number === 2) version = integerOf(field, 'a version of operators');
  }
  opsets.set(domain === 'ai.onnx' ? '' : domain, version);
}

function readFunction(span: Span, context: Context): OnnxFunction {
  let [domain, name] = ['', ''];
  const inputs: string[] = [];
  const outputs: string[] = [];
  const nodes: OnnxNode[] = [];
  const defaults = new Map<string, OnnxAttribute>();
  for (const field of fieldsOf(span)) {
    if (field.number === 1) name = textOf(field, 'the name of a function');
    else if (field.number === 4) inputs.push(textOf(field, 'an input of a function'));
    else if (field.number === 5) outputs.push(textOf(field, 'an output of a function'));
    else if (field.number === 7) nodes.push(readNode(contentOf(field, 'a node'), context));
    else if (field.number === 10) domain = textOf(field, 'the domain of a function');
    else if (field.number === 11) defaults.set(...readAttribute(contentOf(field, 'an attribute'), context));
  }
  return { name, domain: domain === 'ai.onnx' ? '' : domain, inputs, outputs, defaults, nodes };
}

function readGraph(span: Span, context: Context): OnnxGraph {
  if (context.depth > DEEPEST) malformed(`graphs are nested more than ${DEEPEST} deep`, span.start);
  let name = '';
  const nodes: OnnxNode[] = [];
  const initializers = new Map<string, OnnxTensor>();
  const inputs: OnnxValueInfo[] = [];
  const outputs: OnnxValueInfo[] = [];
  for (const field of fieldsOf(span)) {
    if (field.number === 2) name = textOf(field, 'the name of a graph');
    else if (field.number === 1) nodes.push(readNode(contentOf(field, 'a node'), context));
    else if (field.number === 5) {
      const tensor = readTensor(contentOf(field, 'an initialiser'), context.external);
      if (initializers.has(tensor.name)) malformed(`two initialisers are called ${describe(tensor.name)}`);
      initializers.set(tensor.name, tensor);
    } else if (field.number === 11) inputs.push(readValueInfo(contentOf(field, 'an input')));
    else if (field.number === 12) outputs.push(readValueInfo(contentOf(field, 'an output')));
    else if (field.number === 15) malformed('the graph has sparse initialisers, which are not read');
  }
  return { name, nodes, initializers, inputs, outputs };
}

function readNode(span: Span, context: Context): OnnxNode {
  let [name, operator, domain] = ['', '', ''];
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, OnnxAttribute>();
  for (const field of fieldsOf(span)) {
    if (field.number === 1) inputs.push(textOf(field, "the name of a node's input"));
    else if (field.number === 2) outputs.push(textOf(field, "the name of a node's output"));
    else if (field.number === 3) name = textOf(field, 'the name of a node');
    else if (field.number === 4) operator = textOf(field, 'the operator of a node');
    else if (field.number === 7) domain = textOf(field, "the domain of a node's operator");
    else if (field.number === 5) {
      const [key, value] = readAttribute(contentOf(field, 'an attribute'), context);
      if (attributes.has(key)) malformed(`a node has two attributes called ${describe(key)}`);
      attributes.set(key, value);
    }
  }
  return { name, operator, domain: domain === 'ai.onnx' ? '' : domain, inputs, outputs, attributes };
}

/** What an attribute may hold, before its type says which of it counts: files of old exporters state no type. */
interface Content {
  type: number;
  float?: number;
  int?: number;
  string?: string;
  tensor?: Span;
  graph?: Span;
  floats: number[];
  ints: number[];
  strings: string[];
  reference?: string;
  other: boolean;
}

function readAttribute(span: Span, context: Context): [string, OnnxAttribute] {
  let name = '';
  const content: Content = { type: 0, floats: [], ints: [], strings: [], other: false };
  for (const field of fieldsOf(span)) {
    if (field.number === 1) name = textOf(field, 'the name of an attribute');
    else readContent(content, field, `attribute ${describe(name)}`);
  }
  return [name, attributeOf(content, context)];
}

function readContent(content: Content, field: Field, what: string): void {
  const { number } = field;
  if (number === 20) content.type = integerOf(field, `the type of ${what}`);
  else if (number === 2) content.float = floatOf(field, what);
  else if (number === 3) {
    const list: number[] = [];
    if (field.kind !== 'varint') malformed(`${what} is not stored as a number`);
    appendIntegers(field, what, list);
    content.int = list[0];
  } else if (number === 4) content.string = latin(contentOf(field, what));
  else if (number === 5) content.tensor = contentOf(field, what);
  else if (number === 6) content.graph = contentOf(field, what);
  else if (number === 7) appendFloats(field, what, 4, content.floats);
  else if (number === 8) appendIntegers(field, what, content.ints);
  else if (number === 9) content.strings.push(latin(contentOf(field, what)));
  else if (number === 21) content.reference = textOf(field, what);
  else if ([10, 11, 14, 15, 22, 23].includes(number)) content.other = true;
}

/** Attribute strings are bytes: names of modes are ASCII, what is not UTF-8 matters to no operator that is read. */
function latin({ bytes, start, end }: Span): string {
  return new TextDecoder().decode(bytes.subarray(start, end));
}

function attributeOf(content: Content, context: Context): OnnxAttribute {
  const { type, float, int, string, tensor, graph, floats, ints, strings, reference = '', other } = content;
  if (reference !== '') return { kind: 'reference', value: reference };
  if (type === 1 || (type === 0 && float !== undefined)) return { kind: 'float', value: shortest(float ?? 0) };
  if (type === 2 || (type === 0 && int !== undefined)) return { kind: 'int', value: int ?? 0 };
  if (type === 3 || (type === 0 && string !== undefined)) return { kind: 'string', value: string ?? '' };
  if (tensor !== undefined && (type === 4 || type === 0))
    return { kind: 'tensor', value: readTensor(tensor, context.external) };
  if (graph !== undefined && (type === 5 || type === 0))
    return { kind: 'graph', value: readGraph(graph, { ...context, depth: context.depth + 1 }) };
  if (type === 6 || (type === 0 && floats.length > 0)) return { kind: 'floats', value: floats.map(shortest) };
  if (type === 8 || (type === 0 && strings.length > 0)) return { kind: 'strings', value: strings };
  if (type === 7 || (type === 0 && !other)) return { kind: 'ints', value: ints };
  return { kind: 'other', value: `attribute type ${type}` };
}

function readValueInfo(span: Span): OnnxValueInfo {
  let name = '';
  let type: Omit<OnnxValueInfo, 'name'> = { typeName: 'undefined' };
  for (const field of fieldsOf(span)) {
    if (field.number === 1) name = textOf(field, 'the name of an input or output');
    else if (field.number === 2) type = readType(contentOf(field, 'a type'));
  }
  return { name, ...type };
}

function readType(span: Span): Omit<OnnxValueInfo, 'name'> {
  const kinds: Readonly<Record<number, string>> = { 4: 'a sequence', 5: 'a map', 8: 'a sparse tensor', 9: 'optional' };
  let found: Omit<OnnxValueInfo, 'name'> = { typeName: 'undefined' };
  for (const field of fieldsOf(span)) {
    if (field.number === 1) found = readTensorType(contentOf(field, 'a type'));
    else if (field.number in kinds) found = { typeName: kinds[field.number] };
  }
  return found;
}

function readTensorType(span: Span): Omit<OnnxValueInfo, 'name'> {
  let code = 0;
  let shape: (number | string)[] | undefined;
  for (const field of fieldsOf(span)) {
    if (field.number === 1) code = integerOf(field, 'an element type');
    else if (field.number === 2) {
      shape = [];
      for (const axis of fieldsOf(contentOf(field, 'a shape')))
        if (axis.number === 1) shape.push(readLength(contentOf(axis, 'a length')));
      if (shape.length > 32) malformed(`a shape has ${shape.length} axes; most is 32`);
    }
  }
  const type = elementType(code);
  return { typeName: elementTypeName(code), ...(type !== undefined && { type }), ...(shape && { shape }) };
}

function readLength(span: Span): number | string {
  let length: number | string = '';
  for (const field of fieldsOf(span)) {
    if (field.number === 1) length = integerOf(field, 'a length');
    else if (field.number === 2) length = textOf(field, 'the name of a length');
  }
  // old exporters write 0 or −1 for an open length
  return typeof length === 'number' && length <= 0 ? '' : length;
}
