import { add, broadcastTo, matmul, mul, transpose } from '@hyperribbon/autodiff';
import { type Operator, requireRank } from '../../values/call.js';
import { plain } from '../../values/value.js';

/** alpha·A B + beta·C, A and B transposed on request; C broadcasts */
export const Gemm: Operator = (call) => {
  const [a, b] = [call.tensor(0), call.tensor(1)];
  requireRank(call, a.shape, 2);
  requireRank(call, b.shape, 2);
  const product = matmul(
    call.int('transA', 0) === 1 ? transpose(a) : a,
    call.int('transB', 0) === 1 ? transpose(b) : b,
  );
  const alpha = call.float('alpha', 1);
  const scaled = alpha === 1 ? product : mul(product, alpha);
  if (!call.has(2)) return plain(call.input(0).type, scaled);
  const beta = call.float('beta', 1);
  const c = beta === 1 ? call.tensor(2) : mul(call.tensor(2), beta);
  return plain(call.input(0).type, add(scaled, broadcastTo(c, scaled.shape)));
};
