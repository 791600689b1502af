// Oracle: one table of declarations is what commands, plans and help are made of; parsers refuse what they cannot take, with the flag.
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import {
  addOptions,
  chosenOf,
  defaultsOf,
  flag,
  flagOf,
  option,
  optionBy,
  required,
  settle,
} from '../src/options/option.js';
import {
  oneOf,
  positive,
  probability,
  published,
  share,
  text,
  whole,
  windowOf,
  type Window,
} from '../src/options/parsers.js';
import { UsageError } from '../src/usageError.js';

const table = {
  batchSize: option('<count>', 'examples per step', whole(1), 500),
  epochs: optionBy('<count>', 'passes', whole(0), '20; 6 with --quick', (s: { readonly quick: boolean }) =>
    s.quick ? 6 : 20,
  ),
  dtype: option('<type>', 'arithmetic', oneOf('float32', 'float64'), 'float32'),
  model: option('<file>', 'weights', text),
  quick: flag('a first look'),
};

function given(...typed: string[]) {
  const command = addOptions(new Command('test').exitOverride().configureOutput({ writeErr: () => {} }), table);
  command.parse(typed, { from: 'user' });
  return { ...defaultsOf(table), ...command.opts() };
}

describe('a table of options', () => {
  it('gives values of their types, defaults where nothing was typed', () => {
    expect(given()).toEqual({ batchSize: 500, dtype: 'float32', quick: false });
    expect(given('--batch-size', '7', '--quick', '--model', 'a.npz')).toEqual({
      batchSize: 7,
      dtype: 'float32',
      quick: true,
      model: 'a.npz',
    });
  });

  it('settles defaults that depend on others, unless a value was typed', () => {
    expect(settle(table, defaultsOf(table), { quick: true })).toEqual({
      batchSize: 500,
      epochs: 6,
      dtype: 'float32',
      quick: false,
    });
    expect(settle(table, defaultsOf(table), { quick: false }).epochs).toBe(20);
    expect(settle(table, { ...defaultsOf(table), epochs: 0 }, { quick: true }).epochs).toBe(0);
  });

  it('chooses its own among the values of a plan', () => {
    expect(
      chosenOf({ epochs: table.epochs, model: table.model }, { epochs: 3, batchSize: 5, model: undefined }),
    ).toEqual({ epochs: 3 });
  });

  it('makes flags of names', () => {
    expect(flagOf('batchSize')).toBe('--batch-size');
    expect(flagOf('examplesPerDraw')).toBe('--examples-per-draw');
    expect(flagOf('out')).toBe('--out');
  });

  it('shows defaults in the help, those of switches aside', () => {
    const help = addOptions(new Command('test'), table).helpInformation().replaceAll(/\s+/g, ' ');
    expect(help).toContain('--batch-size <count> examples per step (default: 500)');
    expect(help).toContain('--epochs <count> passes (default: 20; 6 with --quick)');
    expect(help).toContain('--quick a first look -h');
    expect(help).toContain('(choices: "float32", "float64", default: "float32")');
  });

  it('refuses an option that must be there and is not, and one that contradicts another', () => {
    const strict = {
      model: required(table.model),
      full: { ...flag('all'), conflicts: 'batchSize' },
      batchSize: option('<n>', 'n', whole(1)),
    };
    const parse = (...typed: string[]) =>
      addOptions(new Command('test').exitOverride().configureOutput({ writeErr: () => {} }), strict).parse(typed, {
        from: 'user',
      });
    expect(() => parse()).toThrow(/required option '--model <file>'/);
    expect(() => parse('--model', 'a', '--full', '--batch-size', '2')).toThrow(
      /cannot be used with option '--batch-size <n>'/,
    );
  });
});

describe('parsers', () => {
  it.each([
    [whole(1), ['1', '500', ' 7 ', '1e3'], ['0', '-1', '1.5', '', ' ', 'x', 'NaN', 'Infinity', '1e300']],
    [whole(0, 8), ['0', '8'], ['9', '-1']],
    [positive, ['1e-9', '3'], ['0', '-1', 'Infinity', 'NaN', '']],
    [probability(), ['0.5', '1e-6'], ['0', '1', '2', '']],
    [probability(0.99), ['0.98'], ['0.99']],
    [share, ['0', '0.99'], ['1', '-0.1', '']],
  ])('%#: takes numbers of its range only', (parse, good, bad) => {
    for (const typed of good) expect(parse(typed, '--n')).toBe(Number(typed));
    for (const typed of bad) {
      expect(() => parse(typed, '--n')).toThrow(UsageError);
      expect(() => parse(typed, '--n')).toThrow(`--n: must be`);
      expect(() => parse(typed, '--n')).toThrow(`got "${typed}"`);
    }
  });

  it('tell the range in the words of a person', () => {
    expect(() => whole(1)('0', '--top')).toThrow('--top: must be a whole number at least 1, got "0"');
    expect(() => whole(1, 64)('65', '--workers')).toThrow('--workers: must be a whole number from 1 to 64, got "65"');
    expect(() => share('1', '--part')).toThrow('--part: must be in [0, 1), got "1"');
  });

  it.each<[string, Window]>([
    ['0:2', { from: 0, to: 2 }],
    ['100:400', { from: 100, to: 400 }],
  ])('a window: %s', (typed, window) => expect(windowOf(typed, '--fit')).toEqual(window));

  it.each(['3', '0:1', '-1:5', 'a:b', '1:2:3', '0:2.5'])('no window: %s', (typed) => {
    expect(() => windowOf(typed, '--fit')).toThrow(/^--fit: expected FROM:TO/);
  });

  it('a published number has a source', () => {
    expect(published('0.161 Dziugaite and Roy 2017', '--published')).toEqual({
      value: 0.161,
      source: 'Dziugaite and Roy 2017',
    });
    for (const typed of ['0.161', 'about 0.1 Roy', '1.2.3 Roy'])
      expect(() => published(typed, '--published')).toThrow(UsageError);
  });
});
