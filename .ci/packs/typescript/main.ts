import { compile, float64, sum, type Tensor } from '@hyperribbon/autodiff';
import { hessian } from '@hyperribbon/curvature';
import { startThread, type ThreadScript } from '@hyperribbon/contract/threads';
import { parseNpz } from '@hyperribbon/data';
import { createWorkspace, setKernelModule } from '@hyperribbon/kernels';
import { eigsh, type EigenReport } from '@hyperribbon/lanczos';
import { spectralDensity } from '@hyperribbon/lanczos/density';
import { svds } from '@hyperribbon/lanczos/svd';
import { estimateTrace } from '@hyperribbon/lanczos/trace';
import { hessianDirections } from '@hyperribbon/landscape';
import { inpca } from '@hyperribbon/linear-dynamics';
import { fromMatvec } from '@hyperribbon/linop';
import { mlp, type Examples } from '@hyperribbon/nn';
import { binaryKl } from '@hyperribbon/pac-bayes';
import { certifyPosterior } from '@hyperribbon/pac-bayes/networks';
import { stream } from '@hyperribbon/random';
import { renderStudy } from '@hyperribbon/report';
import { threads } from '@hyperribbon/study';
import * as everything from 'hyperribbon';

export const solvers = [
  eigsh,
  spectralDensity,
  svds,
  estimateTrace,
  inpca,
  hessianDirections,
  binaryKl,
  certifyPosterior,
];
export const others = [compile, createWorkspace, setKernelModule, parseNpz, startThread, threads, stream, renderStudy];
export const names = Object.keys(everything);
export const total = (x: Tensor): Tensor => sum(x);
export const spec = float64(3);
export const script: ThreadScript = { url: new URL('./thread.js', 'file:///') };

export async function top(examples: Examples, signal: AbortSignal): Promise<Float64Array> {
  const chain = fromMatvec(3, (x, out) => void out.set(x));
  const found: EigenReport = await eigsh(chain, { k: 1, signal });
  const net = mlp([4, 8, 2], { activation: 'tanh' });
  const H = hessian(net, net.init(1), examples, { workers: 2 });
  await H.ready;
  const { values } = await eigsh(H, { k: 2 });
  await H.close();
  return found.converged ? values : found.values;
}
