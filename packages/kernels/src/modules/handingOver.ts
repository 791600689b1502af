import { type KernelModuleName, setKernelModule } from './kernelModules.js';

/** `call`, with modules handed over before it runs: what the entries under the export condition `workerd` export. */
export function handingOver<Given extends readonly unknown[], Result>(
  modules: Readonly<Partial<Record<KernelModuleName, WebAssembly.Module>>>,
  call: (...given: Given) => Result,
): (...given: Given) => Result {
  return (...given) => {
    for (const [name, module] of Object.entries(modules)) setKernelModule(name as KernelModuleName, module);
    return call(...given);
  };
}
