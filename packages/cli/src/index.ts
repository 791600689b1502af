/**
 * Every package under one name: `import { lanczos, nn } from 'hyperribbon'`, then `lanczos.eigsh`, `nn.train`.
 * Each is published alone too; nothing here has a side effect, so bundlers keep only what is used.
 */
export * as autodiff from '@hyperribbon/autodiff';
export * as complexity from '@hyperribbon/complexity';
export * as contract from '@hyperribbon/contract';
export * as curvature from '@hyperribbon/curvature';
export * as data from '@hyperribbon/data';
export * as kernels from '@hyperribbon/kernels';
export * as lanczos from '@hyperribbon/lanczos';
export * as landscape from '@hyperribbon/landscape';
export * as linearDynamics from '@hyperribbon/linear-dynamics';
export * as linop from '@hyperribbon/linop';
export * as nn from '@hyperribbon/nn';
export * as onnx from '@hyperribbon/onnx';
export * as pacBayes from '@hyperribbon/pac-bayes';
export * as random from '@hyperribbon/random';
export * as report from '@hyperribbon/report';
export * as study from '@hyperribbon/study';
