export type { ElementType, Equation, PrimitiveName, PrimitiveParams, Program, Spec, Window } from './program.js';
export { float32, float64, int32 } from './specs.js';
export type { DataArray } from './dataArray.js';
export type { Tensor } from './trace/tensor.js';
export { constant, isTensor } from './trace/tensor.js';
export type { Structure, Tree } from './trace/tree.js';
export { flatten, flattenLike, unflatten } from './trace/tree.js';
export type { ArgumentSpecs, SpecTree, TensorFunction, TensorTree, Traced } from './trace/trace.js';
export { trace } from './trace/trace.js';

export { jvp } from './transforms/jvp.js';
export { linearize } from './transforms/linearize.js';
export { vjp } from './transforms/vjp.js';
export type { ArgumentsAt, GradOptions } from './transforms/grad.js';
export { grad, valueAndGrad } from './transforms/grad.js';
export { hvp } from './transforms/hvp.js';
export { vmap } from './transforms/vmap.js';
export { jacfwd, jacrev } from './transforms/jacobian.js';

export { simplify } from './simplify/simplify.js';
export type { ArraysOf, ArraysOrNumbers, Compiled, CompileOptions, SpecsFor, SpecsOf } from './compile.js';
export { compile } from './compile.js';
export type { Plan, PlanOptions } from './plan/plan.js';
export { plan, programCost } from './plan/plan.js';
export { MemoryLimitError } from '@hyperribbon/contract';
export type { StepProfile } from './plan/bind/profile.js';

export type { Operand } from './ops/broadcasting.js';
export type { Axes } from './ops/axes.js';
export {
  abs,
  add,
  asinh,
  atan,
  cos,
  digamma,
  div,
  erf,
  exp,
  expm1,
  greater,
  lgamma,
  log,
  log1p,
  logCosh,
  maximum,
  minimum,
  mul,
  neg,
  normalCdf,
  normalPdf,
  pow,
  reciprocal,
  rsqrt,
  select,
  sign,
  sin,
  sqrt,
  square,
  step,
  sub,
  xlogx,
} from './ops/elementwise.js';
export type { ActivationName } from './ops/activations.js';
export { activation, gelu, logSigmoid, relu, sech2, sigmoid, silu, softplus, tanh } from './ops/activations.js';
export type { ReductionOptions } from './ops/reductions.js';
export { logSoftmax, logSumExp, max, mean, min, softmax, sum } from './ops/reductions.js';
export {
  broadcastTo,
  concatenate,
  convert,
  full,
  onesLike,
  pad,
  reshape,
  slice,
  stack,
  stopGradient,
  transpose,
  zerosLike,
} from './ops/shaping.js';
export { dense, dot, matmul } from './ops/products.js';
export { gatherRows, scatterRows } from './ops/indexing.js';
export type { ConvolutionOptions, ImageLayout } from './ops/convolution.js';
export { conv2d } from './ops/convolution.js';
export type { Padding } from './ops/images/imageWindow.js';
export type { AveragePoolingOptions, MaximumPoolingOptions, PoolingOptions } from './ops/pooling.js';
export { averagePool2d, maxPool2d } from './ops/pooling.js';
export type { BatchNormStatistics } from './ops/batchNorm.js';
export { batchNorm } from './ops/batchNorm.js';
