// Oracle: a model that is cut into several files is the model in one.
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { inProcess } from '../inProcess.js';
import { scratchFolder } from '../runCli.js';

const folder = scratchFolder();
const path = (name: string): string => join(folder, name);
const golden = new URL('../../../onnx/test/golden/states/', import.meta.url);
const index = 'gpt.safetensors.index.json';
const inspect = (model: string): ReturnType<typeof inProcess> =>
  inProcess(['inspect', model, '--architecture', 'gpt:8,1,2:11:5']);

beforeAll(() => {
  for (const name of [index, 'gpt-1.safetensors', 'gpt-2.safetensors']) copyFileSync(new URL(name, golden), path(name));
});

describe('the index of a model in several files', () => {
  it('is a model', async () => {
    const { code, stdout } = await inspect(path(index));
    expect(code).toBe(0);
    expect(stdout).toMatch(/1,016 in \d+ arrays/);
  });

  it('is refused with the name of a file that is not beside it', async () => {
    rmSync(path('gpt-2.safetensors'));
    const { code, stderr } = await inspect(path(index));
    expect([code, stderr]).toEqual([2, expect.stringMatching(/--model: cannot read .*gpt-2\.safetensors/)]);
    copyFileSync(new URL('gpt-2.safetensors', golden), path('gpt-2.safetensors'));
  });

  it('is refused where it names files elsewhere, with its own name', async () => {
    const text = readFileSync(path(index), 'utf8').replaceAll('gpt-1', '../gpt-1');
    writeFileSync(path(`other.${index}`), text);
    const { code, stderr } = await inspect(path(`other.${index}`));
    expect(code).toBe(2);
    expect(stderr).toMatch(/--model: .*other\.gpt\.safetensors\.index\.json: .*no plain name of a file/);
  });
});
