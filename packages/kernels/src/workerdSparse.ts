// The entry /sparse under the export condition `workerd`, see workerd.ts.
import sparse from '../src/generated/sparse.wasm';
import { handingOver } from './modules/handingOver.js';
import { createSparseWorkspace as create } from './workspace/createSparseWorkspace.js';

export * from './sparse.js';

/** createSparseWorkspace of sparse.ts with the precompiled module. */
export const createSparseWorkspace: typeof create = /* @__PURE__ */ handingOver({ sparse }, create);
