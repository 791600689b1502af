// Oracle: the docstrings themselves. Every @example of these packages runs, and gives the number that stands behind it.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const root = new URL('../../packages/', import.meta.url).pathname;
const scratch = new URL('./.docstrings/', import.meta.url).pathname;

/** Packages, and where else the names of their examples come from. */
const entries: Readonly<Record<string, readonly string[]>> = {
  contract: ['', '/decode', '/digest'],
  data: [''],
  'pac-bayes': [''],
};

/** Code of each @example, up to the next tag, source or cost. */
function examples(source: string): string[] {
  const comments = [...source.matchAll(/\/\*\*[\s\S]*?\*\//g)].map(([text]) =>
    text.replace(/\*\/$/, '').replaceAll(/^[ \t]*(?:\/\*\*|\*) ?/gm, ''),
  );
  return comments.flatMap((text) =>
    [...text.matchAll(/@example[ \t]*\n?([\s\S]*?)(?=^@|^Source: |^Cost: |(?![\s\S]))/gm)].map(([, code]) =>
      code.trim(),
    ),
  );
}

/** Values that stand behind an expression become expectations: `f(2) // 2.5`, and `g(3); // 0.3333...` where they only begin so. */
function withExpectations(code: string): string {
  const value = /-?\d+(?:\.\d+)?(?:e[-+]?\d+)?|true|false|\[[^\]\n]*\]|'[^'\n…]*/.source;
  return code.replaceAll(
    new RegExp(`^(?!const |let |import )(.*?);?[ \\t]*// (?:[^=\\n]* = )?(${value})('?)(\\.{3}|…)?.*$`, 'gm'),
    (_line, expression: string, expected: string, _quote: string, begins: string | undefined) => {
      const text = JSON.stringify(expected.replace(/^'/, '').replaceAll(/[[\] ]/g, ''));
      const shown = `String(await (${expression})).replaceAll(' ', '')`;
      return `expect(${begins === undefined ? shown : `${shown}.slice(0, ${text}.length)`}).toBe(${text});`;
    },
  );
}

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

for (const [name, parts] of Object.entries(entries)) {
  const folder = join(root, name, 'src');
  const files = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.ts') && !file.startsWith('networks/')); // examples there need trained networks
  describe(`examples in the docstrings of ${name}`, async () => {
    const exported = new Map<string, string>();
    for (const part of parts)
      for (const key of Object.keys((await import(/* @vite-ignore */ `@hyperribbon/${name}${part}`)) as object))
        exported.set(key, `@hyperribbon/${name}${part}`);
    for (const file of files) {
      examples(readFileSync(join(folder, file), 'utf8')).forEach((code, index) => {
        test(`${file}, example ${index + 1}`, async () => {
          const used = [...exported].filter(([key]) => new RegExp(`\\b${key}\\b`).test(code));
          const imports = used.map(([key, from]) => `import { ${key} } from '${from}';`);
          const path = join(scratch, `${name}_${file.replaceAll(/[^a-z]/gi, '_')}_${index}.ts`);
          mkdirSync(scratch, { recursive: true });
          writeFileSync(path, `import { expect } from 'vitest';\n${imports.join('\n')}\n${withExpectations(code)}\n`);
          await import(/* @vite-ignore */ path);
        });
      });
    }
    test('are more than a few', () => {
      const count = files.reduce((sum, file) => sum + examples(readFileSync(join(folder, file), 'utf8')).length, 0);
      expect(count).toBeGreaterThan(3);
    });
  });
}
