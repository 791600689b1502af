import { matmul } from '@hyperribbon/autodiff';
import type { Operator } from '../../values/call.js';
import { plain } from '../../values/value.js';

/** Matrix product by NumPy's rules */
export const MatMul: Operator = (call) => plain(call.input(0).type, matmul(call.tensor(0), call.tensor(1)));
