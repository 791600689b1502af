// Oracle: the documentation itself. Every js and ts block of every README and guide runs as it stands.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;
const scratch = new URL('./.examples/', import.meta.url).pathname;

const readmes = [
  'README.md',
  ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}/README.md`),
  ...readdirSync(join(root, 'docs'), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.md') && !name.startsWith('node_modules'))
    .map((name) => `docs/${name}`),
];

/** Fenced js and ts blocks; a fence marked `js norun` (a fragment, another runtime) is left out. */
function examples(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/^```(js|ts|javascript|typescript)[ \t]*\n([\s\S]*?)^```/gm)].map((match) => match[2]!);
}

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('every example in the documentation runs', () => {
  for (const file of readmes) {
    const blocks = examples(file);
    blocks.forEach((code, index) => {
      test(`${file}, example ${index + 1}`, async () => {
        mkdirSync(scratch, { recursive: true });
        const name = `${file.replaceAll(/[^a-z]/gi, '_')}_${index}.ts`;
        writeFileSync(join(scratch, name), `${code}\nexport {};\n`);
        await expect(import(/* @vite-ignore */ join(scratch, name))).resolves.toBeDefined();
      });
    });
    if (file.startsWith('packages/')) {
      test(`${file} shows at least one runnable example`, () => expect(blocks.length).toBeGreaterThan(0));
    }
  }
});
