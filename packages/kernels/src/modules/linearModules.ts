import * as deterministic from '../generated/linearDeterministic.js';
import * as fast from '../generated/linearFast.js';
import { inflateText, type KernelModule } from './kernelModules.js';
import type { KernelInfo } from '../workspace/workspace.js';

/** The kernels of linear algebra by flavour. The fast text is what differs from the deterministic bytes. */
export const linearModules: Readonly<Record<KernelInfo['flavour'], KernelModule>> = {
  deterministic: { name: 'linearDeterministic', bytes: deterministicBytes },
  fast: { name: 'linearFast', bytes: () => inflateText(fast.deflated, fast.length, deterministicBytes()) },
};

/** kept: the other modules copy from them */
let inflated: Uint8Array | undefined;

function deterministicBytes(): Uint8Array {
  inflated ??= inflateText(deterministic.deflated, deterministic.length);
  return inflated;
}
