/** Types of tensor elements by their number in ONNX files, as far as they are numbers. */
export type ElementType =
  | 'float32'
  | 'float64'
  | 'float16'
  | 'bfloat16'
  | 'int64'
  | 'int32'
  | 'int16'
  | 'int8'
  | 'uint64'
  | 'uint32'
  | 'uint16'
  | 'uint8'
  | 'bool';

const byCode: ReadonlyMap<number, ElementType> = new Map([
  [1, 'float32'],
  [2, 'uint8'],
  [3, 'int8'],
  [4, 'uint16'],
  [5, 'int16'],
  [6, 'int32'],
  [7, 'int64'],
  [9, 'bool'],
  [10, 'float16'],
  [11, 'float64'],
  [12, 'uint32'],
  [13, 'uint64'],
  [16, 'bfloat16'],
]);

const others: ReadonlyMap<number, string> = new Map([
  [0, 'undefined'],
  [8, 'string'],
  [14, 'complex64'],
  [15, 'complex128'],
  [17, 'float8e4m3fn'],
  [18, 'float8e4m3fnuz'],
  [19, 'float8e5m2'],
  [20, 'float8e5m2fnuz'],
  [21, 'uint4'],
  [22, 'int4'],
  [23, 'float4e2m1'],
]);

/** The element type of this number; undefined for strings, complex numbers and numbers of 8 bits and less that are no integers. */
export function elementType(code: number): ElementType | undefined {
  return byCode.get(code);
}

/** The number of an element type in ONNX files: the inverse of {@link elementType}. */
export function elementTypeCode(type: ElementType): number {
  return [...byCode].find(([, name]) => name === type)![0];
}

/** What to call an element type in a message, whatever its number. */
export function elementTypeName(code: number): string {
  return byCode.get(code) ?? others.get(code) ?? `type ${code}`;
}

/** Bytes of one element in raw data. */
export const elementBytes: Readonly<Record<ElementType, 1 | 2 | 4 | 8>> = {
  float32: 4,
  float64: 8,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint64: 8,
  uint32: 4,
  uint16: 2,
  uint8: 1,
  bool: 1,
};

/** Whether numbers of this type have fractions. */
export function isFloating(type: ElementType): boolean {
  return type === 'float32' || type === 'float64' || type === 'float16' || type === 'bfloat16';
}
