import { type Spec, type Tensor, compile, float32, float64 } from '@hyperribbon/autodiff';
import { describe, refuse, requireNoOthers } from '@hyperribbon/contract';
import { FormatError } from '@hyperribbon/data';
import type { Dtype, FloatArray } from '@hyperribbon/kernels';
import { inlined } from '../graph/inline.js';
import { neededNodes, requireSupported } from '../graph/nodes.js';
import { type Setting, budgetOf, fed, runGraph } from '../graph/runGraph.js';
import { type ElementType, isFloating } from '../protobuf/elementTypes.js';
import { type OnnxOptions, parseOnnx } from '../protobuf/model.js';
import { type Value, plainTensor, tensorOf } from '../values/value.js';

/** Numbers of one input or output of a graph. */
export interface OnnxArray {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
  /** default float32 */
  readonly type?: ElementType;
  /** known when the graph is traced, as whole numbers always are: for floats that decide shapes. Default false */
  readonly known?: boolean;
}

/** Options of {@link evaluateOnnx}. */
export interface EvaluateOnnxOptions extends OnnxOptions {
  /** in which floats are computed; default float32 */
  readonly dtype?: Dtype;
}

/**
 * Computes the outputs of an ONNX file for given inputs, as the file says: one trace, one plan, one run.
 *
 * For checking an import against another program; a network that is asked many things is read by `onnxNetwork`.
 *
 * @param bytes the whole file
 * @param inputs by name, all that the graph is fed; floats become inputs of a program, whole numbers and truths are known when it is traced
 * @returns outputs by name, in the order of the file
 * @throws FormatError naming node, operator and opset for what is not computed; ArgumentError for inputs that are missing
 * @example
 * evaluateOnnx(bytes, { x: { shape: [1, 2], data: [1, 2] } }).y.data; // [1, -0.5]
 */
export function evaluateOnnx(
  bytes: Uint8Array,
  inputs: Readonly<Record<string, OnnxArray>>,
  { dtype = 'float32', external, ...others }: EvaluateOnnxOptions = {},
): Record<string, { readonly shape: readonly number[]; readonly data: FloatArray; readonly type: ElementType }> {
  requireNoOthers('evaluateOnnx', others, 'EvaluateOnnxOptions');
  const model = inlined(parseOnnx(bytes, external === undefined ? {} : { external }));
  const { graph, opset } = model;
  const wanted = graph.outputs.map(({ name }) => name);
  requireSupported(model, neededNodes(graph, wanted));
  for (const { name } of graph.inputs)
    if (!(name in inputs) && !graph.initializers.has(name))
      refuse(
        'evaluateOnnx',
        `input ${describe(name)} is missing; the graph is fed ${graph.inputs.map((input) => input.name).join(', ')}`,
      );
  const fedNames = Object.keys(inputs).filter((name) => isFed(inputs[name]));
  const spec = dtype === 'float64' ? float64 : float32;
  const arraysMade: Setting['arrays'] = new WeakMap();
  let outputs: readonly Value[] = [];
  const specs: Spec[] = fedNames.map((name) => spec(...inputs[name].shape));
  const run = compile(
    (tensors: readonly Tensor[]) => {
      const values = new Map<string, Value>(
        Object.entries(inputs).map(([name, { shape, data, type = 'float32' }]) => [
          name,
          { kind: 'known', type, shape, data: Float64Array.from(data) },
        ]),
      );
      fedNames.forEach((name, i) => values.set(name, fed(inputs[name].type ?? 'float32', tensors[i])));
      const budget = budgetOf(graph);
      const setting: Setting = { opset, dtype, mode: 'as-written', arrays: arraysMade, budget };
      ({ outputs } = runGraph(graph, (name) => values.get(name), wanted, setting));
      return outputs.flatMap((value) => {
        if (value.kind === 'sequence')
          throw new FormatError('onnx', 'an output is a list of tensors, which is not given back', {
            unsupported: true,
          });
        return value.kind === 'traced' ? [plainTensor(value)] : [tensorOf(value, dtype, arraysMade)];
      });
    },
    [specs],
  );
  const arrays = run(
    fedNames.map((name) => (dtype === 'float64' ? Float64Array : Float32Array).from(inputs[name].data)),
  );
  return Object.fromEntries(
    outputs.map((value, i) => {
      const { shape, type } = value as Exclude<Value, { kind: 'sequence' }>;
      return [wanted[i], { shape, type, data: (arrays as readonly FloatArray[])[i].slice() }];
    }),
  );
}

function isFed({ type = 'float32', known = false }: OnnxArray): boolean {
  return isFloating(type) && !known;
}
