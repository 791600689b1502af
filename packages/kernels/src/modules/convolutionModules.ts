import * as deterministic from '../generated/convolutionsDeterministic.js';
import * as fast from '../generated/convolutionsFast.js';
import { inflateText, type KernelModule } from './kernelModules.js';
import { linearModules } from './linearModules.js';
import type { KernelInfo } from '../workspace/workspace.js';

/** The kernels of convolutions by flavour. */
export const convolutionModules: Readonly<Record<KernelInfo['flavour'], KernelModule>> = {
  deterministic: { name: 'convolutionsDeterministic', bytes: deterministicBytes },
  fast: { name: 'convolutionsFast', bytes: () => inflateText(fast.deflated, fast.length, deterministicBytes()) },
};

function deterministicBytes(): Uint8Array {
  return inflateText(deterministic.deflated, deterministic.length, linearModules.deterministic.bytes());
}
