import { describe, refuse } from '@hyperribbon/contract';
import { type ElementType, elementTypeCode } from './elementTypes.js';
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxValueInfo } from './model.js';
import type { OnnxTensor } from './tensorProto.js';
import {
  type Pieces,
  bytesField,
  bytesOf,
  floatField,
  floatsField,
  integer64,
  integerField,
  integersField,
  joined,
  messageField,
  textField,
} from './wireWriter.js';

const caller = 'writeOnnx';

/** What is written: a model without functions of its own. */
export type WritableModel = Omit<OnnxModel, 'functions' | 'opset'>;

/**
 * An ONNX file: the inverse of {@link parseOnnx}, for models without functions of their own.
 *
 * @throws ArgumentError for an attribute of a kind that is not written (`other`), and for element types that are not (16 bits and less)
 * Cost: one copy of the weights
 * Source: the protobuf encoding and onnx.proto3, both public
 * @example
 * parseOnnx(writeOnnx(parseOnnx(Uint8Array.of(8, 8, 58, 3, 18, 1, 103)))).graph.name; // 'g'
 */
export function writeOnnx({ irVersion, producer, opsets, graph }: WritableModel): Uint8Array {
  const versions = [...opsets].map(([domain, version]) =>
    messageField(8, joined([textField(1, domain), integerField(2, version)])),
  );
  return bytesOf(
    joined([
      integerField(1, irVersion),
      ...(producer === '' ? [] : [textField(2, producer)]),
      messageField(7, graphContent(graph)),
      ...versions,
    ]),
  );
}

function graphContent({ name, nodes, initializers, inputs, outputs }: OnnxGraph): Pieces {
  return joined([
    ...nodes.map((node) => messageField(1, nodeContent(node))),
    textField(2, name),
    ...[...initializers.values()].map((tensor) => messageField(5, tensorContent(tensor))),
    ...inputs.map((value) => messageField(11, valueContent(value))),
    ...outputs.map((value) => messageField(12, valueContent(value))),
  ]);
}

function nodeContent({ name, operator, domain, inputs, outputs, attributes }: OnnxNode): Pieces {
  return joined([
    ...inputs.map((input) => textField(1, input)),
    ...outputs.map((output) => textField(2, output)),
    textField(3, name),
    textField(4, operator),
    ...[...attributes].map(([key, value]) => messageField(5, attributeContent(key, value))),
    ...(domain === '' ? [] : [textField(7, domain)]),
  ]);
}

/** The number of an attribute's type, and the field that holds its value. */
function attributeContent(name: string, attribute: OnnxAttribute): Pieces {
  const of = (type: number, ...content: readonly Pieces[]): Pieces =>
    joined([textField(1, name), ...content, integerField(20, type)]);
  switch (attribute.kind) {
    case 'float':
      return of(1, floatField(2, attribute.value));
    case 'int':
      return of(2, integerField(3, attribute.value));
    case 'string':
      return of(3, textField(4, attribute.value));
    case 'tensor':
      return of(4, messageField(5, tensorContent(attribute.value)));
    case 'graph':
      return of(5, messageField(6, graphContent(attribute.value)));
    case 'floats':
      return of(6, floatsField(7, attribute.value));
    case 'ints':
      return of(7, integersField(8, attribute.value));
    case 'strings':
      return of(8, ...attribute.value.map((text) => textField(9, text)));
    case 'reference':
    case 'other':
      return refuse(caller, `attribute ${describe(name)} is of a kind that is not written: ${attribute.value}`);
  }
}

function valueContent({ name, type, shape }: OnnxValueInfo): Pieces {
  if (type === undefined) return textField(1, name);
  const lengths = shape?.map((length) =>
    messageField(1, typeof length === 'number' ? integerField(1, length) : textField(2, length)),
  );
  const tensor = [
    integerField(1, elementTypeCode(type)),
    ...(lengths === undefined ? [] : [messageField(2, joined(lengths))]),
  ];
  return joined([textField(1, name), messageField(2, messageField(1, joined(tensor)))]);
}

function tensorContent({ name, type, shape, data }: OnnxTensor): Pieces {
  return joined([
    integersField(1, shape),
    integerField(2, elementTypeCode(type)),
    textField(8, name),
    bytesField(9, rawData(type, data)),
  ]);
}

function rawData(type: ElementType, data: OnnxTensor['data']): Uint8Array {
  if (type === 'float32' || type === 'float64') {
    const floats = type === 'float32' ? Float32Array.from(data) : Float64Array.from(data);
    return new Uint8Array(floats.buffer);
  }
  if (type === 'bool') return Uint8Array.from(data);
  if (type === 'int32') return new Uint8Array(Int32Array.from(data).buffer);
  if (type !== 'int64') return refuse(caller, `tensors of ${type} are not written; convert them to float32 or int64`);
  return new Uint8Array(BigInt64Array.from(Array.from(data, integer64)).buffer);
}
