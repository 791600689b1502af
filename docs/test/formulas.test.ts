// Oracle: markdown itself. A star or an underscore in a formula outside of code is emphasis to it, and the formatter rewrites it: W_l became W*l.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}/README.md`),
  ...readdirSync(join(root, 'docs'), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.md') && !name.startsWith('node_modules') && !name.startsWith('api'))
    .map((name) => `docs/${name}`),
];

/** Lines of prose whose stars and underscores markdown may take for emphasis: escaped, or a star within a word. */
function mangled(text: string): string[] {
  const prose = text
    .replaceAll(/^```[\s\S]*?^```/gmu, '')
    .replaceAll(/^ {4}.*$/gmu, '')
    .replaceAll(/<!--[\s\S]*?-->/gu, '')
    .replaceAll(/`[^`]*`/gu, '');
  return prose
    .split('\n')
    .filter((line) => /\\[_*]/u.test(line) || /[^\s*|(["'“]\*[^\s*.,;:|)\]"'”]/u.test(line.replaceAll('**', '')));
}

describe('formulas in prose', () => {
  it.each(pages)('%s keeps its stars and underscores in code', (page) => {
    expect(mangled(readFileSync(join(root, page), 'utf8'))).toEqual([]);
  });

  it('are found where a formatter has rewritten them, and nowhere else', () => {
    const rewritten = [
      'because W*l is independent of W₁ … W*{l−1}',
      'the flow is τ Ẇ*j = −(W_N⋯W*{j+1})ᵀ',
      'Σ_w (patch₁)\\_w (patch₂)\\_w',
      'over the k\\* = 1 + L/c directions',
    ];
    for (const line of rewritten) expect(mangled(line)).toEqual([line]);
    const fine = 'W_j is `W*l`, this is *stressed*, **bold** and _so_ is this (_too_), 2 * 3, packages/*';
    expect(mangled(fine)).toEqual([]);
  });
});
