import { add } from '@hyperribbon/autodiff';
import { type Decoder, maybe } from '@hyperribbon/contract/decode';
import { type Built, type Rule, type Site, lengths, refuseAt } from './module.js';

/** What modules within modules are read and put in place by. */
export interface Inner<Module> {
  readonly read: Decoder<readonly Module[]>;
  /** @param list property of the description that holds them, @param naming of those without a name, default their numbers */
  build(modules: readonly Module[], site: Site, list: string, naming?: (index: number) => string): Built;
}

/** Modules one after the other, under one name. */
export interface Sequence<Module> {
  readonly kind: 'sequence';
  /** '' adds nothing to the names of its modules */
  readonly name?: string;
  readonly layers: readonly Module[];
}

export function sequenceRule<Module>(inner: Inner<Module>): Rule<Sequence<Module>> {
  return {
    options: { layers: inner.read },
    build: ({ layers }, site) => inner.build(layers, site, 'layers'),
  };
}

/** branch(h) + shortcut(h). */
export interface Residual<Module> {
  readonly kind: 'residual';
  readonly name?: string;
  readonly branch: readonly Module[];
  /** default: h itself. Modules without a name are called downsample.0, downsample.1, … */
  readonly shortcut?: readonly Module[];
}

export function residualRule<Module>(inner: Inner<Module>): Rule<Residual<Module>> {
  return {
    options: { branch: inner.read, shortcut: maybe(inner.read) },
    build({ branch, shortcut = [] }, site) {
      const main = inner.build(branch, site, 'branch');
      const side = inner.build(shortcut, site, 'shortcut', (index) => `downsample.${index}`);
      if (main.shape.join() !== side.shape.join())
        refuseAt(
          site,
          `the branch gives ${lengths(main.shape)} and the shortcut ${lengths(side.shape)}: project the shortcut, for instance with a 1 × 1 convolution`,
        );
      return {
        shape: main.shape,
        parameters: [...(main.parameters ?? []), ...(side.parameters ?? [])],
        buffers: [...(main.buffers ?? []), ...(side.buffers ?? [])],
        draws: (main.draws ?? 0) + (side.draws ?? 0),
        apply: (h, pass) => add(main.apply(h, pass), side.apply(h, pass)),
      };
    },
  };
}
