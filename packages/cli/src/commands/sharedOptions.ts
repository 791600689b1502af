import { Option } from 'commander';

/** Options that several commands share, described once. */
export const shared: Readonly<Record<'seed' | 'dtype' | 'deterministic', () => Option>> = {
  seed: () => new Option('--seed <integer>', 'seed of every random stream').default('0'),
  dtype: () => new Option('--dtype <type>', 'arithmetic').choices(['float32', 'float64']).default('float32'),
  deterministic: () =>
    new Option('--deterministic', 'the same bits in every runtime (slower matrix products)').default(false),
};

/** The network of commands that train one. */
export function architectureOption(byDefault: string): Option {
  const text = 'mlp:ACTIVATION:HIDDEN,... (input and output widths may be left off) or lenet';
  return new Option('--architecture <text>', text).default(byDefault);
}
