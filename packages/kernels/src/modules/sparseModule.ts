import * as sparse from '../generated/sparse.js';
import { inflateText, type KernelModule } from './kernelModules.js';

/** The products with compressed rows: one flavour. */
export const sparseModule: KernelModule = {
  name: 'sparse',
  bytes: () => inflateText(sparse.deflated, sparse.length),
};
