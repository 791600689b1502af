// The entry /linear under the export condition `workerd`, see workerd.ts.
import linearDeterministic from '../src/generated/linearDeterministic.wasm';
import linearFast from '../src/generated/linearFast.wasm';
import { handingOver } from './modules/handingOver.js';
import { createLinearWorkspace as create, kernelInfo as info } from './workspace/createLinearWorkspace.js';

export * from './linear.js';

const modules = { linearDeterministic, linearFast };

/** createLinearWorkspace of linear.ts with the precompiled modules. */
export const createLinearWorkspace: typeof create = /* @__PURE__ */ handingOver(modules, create);

/** kernelInfo of linear.ts with the precompiled modules. */
export const kernelInfo: typeof info = /* @__PURE__ */ handingOver(modules, info);
