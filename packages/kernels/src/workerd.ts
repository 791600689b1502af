// The entry under the export condition `workerd` (Cloudflare Workers), where compiling from bytes is forbidden and an imported
// .wasm file is a compiled module. All that index.ts exports, hence the star, with the modules handed over before the first use.
import convolutionsDeterministic from '../src/generated/convolutionsDeterministic.wasm';
import convolutionsFast from '../src/generated/convolutionsFast.wasm';
import linearDeterministic from '../src/generated/linearDeterministic.wasm';
import linearFast from '../src/generated/linearFast.wasm';
import maps from '../src/generated/maps.wasm';
import { handingOver } from './modules/handingOver.js';
import { createWorkspace as create, kernelInfo as info } from './workspace/createWorkspace.js';

export * from './index.js';

const modules = { linearDeterministic, linearFast, maps, convolutionsDeterministic, convolutionsFast };

/** createWorkspace of index.ts with the precompiled modules. */
export const createWorkspace: typeof create = /* @__PURE__ */ handingOver(modules, create);

/** kernelInfo of index.ts with the precompiled modules. */
export const kernelInfo: typeof info = /* @__PURE__ */ handingOver(modules, info);
