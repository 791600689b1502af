import { Command } from 'commander';
import { addOptions, defaultsOf, type Given, type OptionTable } from '../../src/options/option.js';

/** What a person would have typed, as an action gets it. */
export function parsed<Table extends OptionTable>(options: Table, typed: readonly string[]): Given<Table> {
  const command = addOptions(new Command('test'), options);
  command.parse(typed, { from: 'user' });
  return { ...defaultsOf(options), ...command.opts() } as Given<Table>;
}
