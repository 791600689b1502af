// The entry /divergences under the export condition `workerd`, see workerd.ts.
import divergencesDeterministic from '../src/generated/divergencesDeterministic.wasm';
import divergencesFast from '../src/generated/divergencesFast.wasm';
import linearDeterministic from '../src/generated/linearDeterministic.wasm';
import linearFast from '../src/generated/linearFast.wasm';
import { handingOver } from './modules/handingOver.js';
import { createDivergenceWorkspace as create, kernelInfo as info } from './workspace/createDivergenceWorkspace.js';

export * from './divergences.js';

const modules = { linearDeterministic, linearFast, divergencesDeterministic, divergencesFast };

/** createDivergenceWorkspace of divergences.ts with the precompiled modules. */
export const createDivergenceWorkspace: typeof create = /* @__PURE__ */ handingOver(modules, create);

/** kernelInfo of divergences.ts with the precompiled modules. */
export const kernelInfo: typeof info = /* @__PURE__ */ handingOver(modules, info);
