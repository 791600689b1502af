// The exports of the linear modules (deterministic, fast): the name of the kernel in LinearKernels, then 32 or 64 for the
// storage type.
export { gemm32, gemm64 } from './gemm';
export { dot32, dot64, norm232, norm264, sum32, sum64 } from './rowDot';
export {
  axpby32,
  axpby64,
  axpy32,
  axpy64,
  copy32,
  copy64,
  fill32,
  fill64,
  maxAbs32,
  maxAbs64,
  scale32,
  scale64,
} from './vectors';
export { gemv32, gemv64, gemvTransposed32, gemvTransposed64 } from './matrices';
export {
  projectionCoefficients32,
  projectionCoefficients64,
  rotateBasis32,
  rotateBasis64,
  subtractProjection32,
  subtractProjection64,
} from './basis';
export { symv64 } from './symv';
