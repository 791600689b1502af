import { Option, type Command } from 'commander';
import { UsageError } from '../usageError.js';

/** Reads what a person typed after an option. `choices` lists all there is to type, for the help. @throws UsageError naming the flag */
export interface Parser<Value> {
  (text: string, flag: string): Value;
  readonly choices?: readonly string[];
}

/**
 * One option of a command: its help, parser and default, declared once. The flag is its name in the table: `batchSize` is `--batch-size`.
 *
 * @typeParam Given what commander hands over; undefined where the option may be left off
 * @typeParam Settled what a plan is made of, once defaults that depend on other options are filled in
 * @typeParam Setting what such a default depends on
 */
export interface Declared<Given, Settled = Given, Setting = unknown> {
  readonly help: string;
  /** such as `<count>`; absent for a switch */
  readonly argument?: string;
  readonly parse?: Parser<unknown>;
  readonly value?: Given;
  /** what stands for the argument where the flag is given without one */
  readonly preset?: string;
  readonly otherwise?: (setting: Setting) => Settled;
  readonly required?: true;
  /** the name of an option that says the opposite */
  readonly conflicts?: string;
  /** where the option is used; given elsewhere it is refused with these words */
  readonly goesWith?: { readonly words: string; readonly fits: (setting: Setting) => boolean };
}

export type OptionTable = Readonly<Record<string, Declared<unknown, unknown, never>>>;

/** What a command's action is given. */
export type Given<Table extends OptionTable> = {
  readonly [K in keyof Table as undefined extends GivenOf<Table[K]> ? never : K]: GivenOf<Table[K]>;
} & {
  readonly [K in keyof Table as undefined extends GivenOf<Table[K]> ? K : never]?: Exclude<
    GivenOf<Table[K]>,
    undefined
  >;
};

/** The options once every default is filled in. */
export type Settled<Table extends OptionTable> = {
  readonly [K in keyof Table as undefined extends SettledOf<Table[K]> ? never : K]: SettledOf<Table[K]>;
} & {
  readonly [K in keyof Table as undefined extends SettledOf<Table[K]> ? K : never]?: Exclude<
    SettledOf<Table[K]>,
    undefined
  >;
};

type GivenOf<D> = D extends Declared<infer G, unknown, never> ? G : never;
type SettledOf<D> = D extends Declared<unknown, infer S, never> ? S : never;

/** An option with a default. */
export function option<V>(argument: string, help: string, parse: Parser<V>, value: NoInfer<V>): Declared<V>;
/** An option that may be left off. */
export function option<V>(argument: string, help: string, parse: Parser<V>): Declared<V | undefined>;
export function option<V>(argument: string, help: string, parse: Parser<V>, value?: V): Declared<V | undefined> {
  return { argument, help, parse, ...(value === undefined ? {} : { value }) };
}

/** An option whose default depends on others; `shown` tells it in the help. */
export function optionBy<V, Setting>(
  argument: string,
  help: string,
  parse: Parser<V>,
  shown: string,
  otherwise: (setting: Setting) => V,
): Declared<V | undefined, V, Setting> {
  return { argument, help: `${help} (default: ${shown})`, parse, otherwise };
}

/** An option that some settings have no use for: given there, it is refused. It has no default that stands for itself. */
export function goingWith<G, S, Setting>(
  words: string,
  fits: (setting: Setting) => boolean,
  declared: Declared<G, S, Setting>,
): Declared<G, S, Setting> {
  return { ...declared, goesWith: { words, fits } };
}

/** A switch. */
export function flag(help: string): Declared<boolean> {
  return { help, value: false };
}

/** An option that must be there. */
export function required<V>({ value: _value, ...declared }: Declared<V | undefined>): Declared<V> {
  return { ...declared, required: true } as Declared<V>;
}

/** `batchSize` to `--batch-size` */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** What a command is given where nobody types anything. */
export function defaultsOf<Table extends OptionTable>(table: Table): Given<Table> {
  const declared = Object.entries(table).filter(([, { value }]) => value !== undefined);
  return Object.fromEntries(declared.map(([name, { value }]) => [name, value])) as Given<Table>;
}

/** Gives a command the options of a table, in its order. */
export function addOptions(command: Command, table: OptionTable): Command {
  for (const [name, { argument, help, parse, value, preset, required = false, conflicts }] of Object.entries(table)) {
    const flags = argument === undefined ? flagOf(name) : `${flagOf(name)} ${argument}`;
    const made = new Option(flags, help).makeOptionMandatory(required);
    if (parse?.choices !== undefined) made.choices(parse.choices);
    else if (parse !== undefined) made.argParser((text) => parse(text, flagOf(name)));
    // that a switch is off needs no words in the help
    if (value !== undefined && argument !== undefined) made.default(value);
    if (preset !== undefined) made.preset(preset);
    if (conflicts !== undefined) made.conflicts(conflicts);
    command.addOption(made);
  }
  return command;
}

/** The options with the defaults that depend on `setting` filled in. @throws UsageError for one that the setting has no use for */
export function settle<Table extends OptionTable, Setting>(
  table: Table & Readonly<Record<string, Declared<unknown, unknown, Setting>>>,
  given: Given<Table>,
  setting: Setting,
): Settled<Table> {
  const values = given as Readonly<Record<string, unknown>>;
  for (const [name, { goesWith }] of Object.entries(table))
    if (goesWith !== undefined && values[name] !== undefined && !goesWith.fits(setting))
      throw new UsageError(`${flagOf(name)}: goes with ${goesWith.words}, and has no use here`);
  return Object.fromEntries(
    Object.entries(table)
      .map(([name, { otherwise }]) => [name, values[name] ?? otherwise?.(setting)] as const)
      .filter(([, value]) => value !== undefined),
  ) as Settled<Table>;
}

/** What a command or a plan has of the options of a table. */
export function chosenOf<Table extends OptionTable, From extends object>(
  table: Table,
  from: From,
): Pick<From, keyof From & keyof Table> {
  const chosen = Object.entries(from).filter(([name, value]) => name in table && value !== undefined);
  return Object.fromEntries(chosen) as Pick<From, keyof From & keyof Table>;
}
