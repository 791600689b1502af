import * as deterministic from '../generated/divergencesDeterministic.js';
import * as fast from '../generated/divergencesFast.js';
import { inflateText, type KernelModule } from './kernelModules.js';
import { linearModules } from './linearModules.js';
import type { KernelInfo } from '../workspace/workspace.js';

/** The kernels of divergences by flavour. */
export const divergenceModules: Readonly<Record<KernelInfo['flavour'], KernelModule>> = {
  deterministic: { name: 'divergencesDeterministic', bytes: deterministicBytes },
  fast: { name: 'divergencesFast', bytes: () => inflateText(fast.deflated, fast.length, deterministicBytes()) },
};

function deterministicBytes(): Uint8Array {
  return inflateText(deterministic.deflated, deterministic.length, linearModules.deterministic.bytes());
}
