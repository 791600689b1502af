import { dense, greater, matmul, mul, select, type Tensor, tanh, add } from '@hyperribbon/autodiff';
import { batchNorm } from '@hyperribbon/autodiff';
import { batchNormTraining } from '@hyperribbon/autodiff/layers';
import { defineNetwork, type Network } from '@hyperribbon/nn';

/** Dense (inputs → 4), batch norm, dropout before tanh if there is any, dense (4 → classes): PyTorch's names, momentum 0.1. */
export function normalized(inputs: number, classes: number, { dropout = 0 } = {}): Network {
  const output = (params: Readonly<Record<string, Tensor>>, h: Tensor): Tensor =>
    dense(tanh(h), params['out.weight'], params['out.bias']);
  const average = (old: Tensor, own: Tensor): Tensor => add(mul(0.9, old), mul(0.1, own));
  return defineNetwork({
    inputs,
    classes,
    parameters: [
      { name: 'in.weight', shape: [inputs, 4] },
      { name: 'bn.weight', shape: [4], start: 1 },
      { name: 'bn.bias', shape: [4], start: 0 },
      { name: 'out.weight', shape: [4, classes] },
      { name: 'out.bias', shape: [classes] },
    ],
    buffers: [
      { name: 'bn.running_mean', shape: [4], value: 0 },
      { name: 'bn.running_var', shape: [4], value: 1 },
    ],
    draws: dropout > 0 ? 4 : 0,
    apply(params, x, buffers) {
      const statistics = { mean: buffers['bn.running_mean'], variance: buffers['bn.running_var'] };
      const gains = { scale: params['bn.weight'], shift: params['bn.bias'] };
      return output(params, batchNorm(matmul(x, params['in.weight']), { ...statistics, ...gains }));
    },
    applyTraining(params, x, { buffers, uniforms }) {
      const gains = { scale: params['bn.weight'], shift: params['bn.bias'] };
      const { output: h, mean, unbiasedVariance } = batchNormTraining(matmul(x, params['in.weight']), gains);
      const kept = uniforms && select(greater(uniforms, dropout), mul(1 / (1 - dropout), h), 0);
      return {
        logits: output(params, kept ?? h),
        buffers: {
          'bn.running_mean': average(buffers['bn.running_mean'], mean),
          'bn.running_var': average(buffers['bn.running_var'], unbiasedVariance),
        },
      };
    },
  });
}
