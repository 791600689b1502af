// Oracle: the documentation of the code itself. Every @example of an exported symbol runs, and values that it states are what comes out.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { given } from './given.js';
import { agrees, bodyOf, Digits, type DocstringExample, examplesOf, literalAtStart } from './docstringExamples.js';

const root = new URL('../../', import.meta.url).pathname;
const packages = readdirSync(join(root, 'packages'));
type Names = Readonly<Record<string, unknown>>;
const modules = import.meta.glob<Names>('../../packages/*/src/**/*.ts');
const load = (path: string): Promise<Names> => modules[`../../packages/${path}`]!();

const found: readonly DocstringExample[] = packages.flatMap((name) => {
  const paths = readdirSync(join(root, 'packages', name, 'src'), { recursive: true }).map(String);
  return paths
    .filter((path) => /(?<!\.d)\.ts$/.test(path))
    .map((path) => `packages/${name}/src/${path}`)
    .flatMap((file) => examplesOf(file, readFileSync(join(root, file), 'utf8')));
});

/** What the entry points of a package export. */
async function exportsOf(name: string): Promise<Names> {
  const { exports } = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')) as {
    exports: Readonly<Record<string, string | { readonly default: string }>>;
  };
  const built = Object.values(exports).flatMap((entry) => (typeof entry === 'string' ? [] : [entry.default]));
  // workers' entry points answer messages
  const loaded = built
    .filter((path) => !/worker/i.test(path))
    .map((path) => load(`${name}/${path.replace('./dist/', 'src/').replace(/js$/, 'ts')}`));
  return Object.assign({}, ...(await Promise.all(loaded))) as Names;
}

// the command line's entry point runs it
const everything = await Promise.all(
  packages.filter((name) => name !== 'cli').map(async (name) => [name, await exportsOf(name)] as const),
);

function check(stated: unknown, value: unknown): void {
  if (!agrees(stated, value)) expect(value, 'the stated value').toEqual(stated);
}

describe('every example of an exported symbol runs', () => {
  test.each(found.map((example) => [example.name, example] as const))('%s', async (_, { file, code }) => {
    const [, own] = file.split('/');
    const others = everything.filter(([name]) => name !== own).map(([, names]) => names);
    const itself = everything.filter(([name]) => name === own).map(([, names]) => names);
    const scope: Names = Object.assign(
      {},
      given(file),
      ...others,
      ...itself,
      await load(file.slice('packages/'.length)),
    );
    const names = Object.keys(scope).filter((name) => name !== 'default');
    const make = new Function('check', 'stated$', ...names, `return ${bodyOf(code)}`) as (
      ...given: unknown[]
    ) => () => Promise<void>;
    await make(check, (text: string) => new Digits(text), ...names.map((name) => scope[name]))();
  });
});

test('many examples state what comes out', () => {
  const stating = found.filter(({ code }) => bodyOf(code).includes('check('));
  expect(stating.length).toBeGreaterThan(found.length / 3);
});

test('stated values are read as they stand in comments, and prose is not', () => {
  const read = (comment: string): unknown => {
    const literal = literalAtStart(comment);
    return literal === undefined
      ? 'prose'
      : (new Function('stated$', `return (${literal})`) as (stated: unknown) => unknown)((text: string) => text);
  };
  expect(['4.20', '-1e-3: small', '−2', "'LA'", 'true', '[1, [2, 3]]', '{ x: 1 }', 'NaN'].map(read)).toEqual([
    '4.20',
    '-1e-3',
    '-2',
    'LA',
    true,
    ['1', ['2', '3']],
    { x: '1' },
    NaN,
  ]);
  expect(['about 2', '2 rows', 'nothing happens', '[a, b] of the paper', '1, 2 or 3 of them'].map(read)).toEqual([
    'prose',
    'prose',
    'prose',
    'prose',
    'prose',
  ]);
});

test('a stated number is held to its digits', () => {
  const digits = (text: string, value: unknown): boolean => agrees(new Digits(text), value);
  expect([
    digits('4.2', 4.249),
    digits('4.2', 4.251),
    digits('4.20', 4.21),
    digits('1e-3', 1.4e-3),
    digits('1e-3', 1.6e-3),
  ]).toEqual([true, false, false, true, false]);
  expect([digits('3', 3), digits('3', 3.1), digits('3', '3'), digits('0.33…', 1 / 3)]).toEqual([
    true,
    false,
    false,
    true,
  ]);
  expect(agrees([new Digits('1'), new Digits('2')], Float32Array.of(1, 2))).toBe(true);
  expect(agrees([new Digits('1')], Float32Array.of(1, 2))).toBe(false);
});
