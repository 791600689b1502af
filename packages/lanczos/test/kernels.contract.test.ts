import { afterEach, expect, it, vi } from 'vitest';
import { eigsh } from '@hyperribbon/lanczos';
import { estimateTrace } from '@hyperribbon/lanczos/trace';
import { fromMatvec } from '@hyperribbon/linop';

// what every workspace was asked for: where relaxed SIMD is missing both flavours have the same bits, and only this tells them apart
const asked = vi.hoisted(
  () => [] as { readonly deterministic?: boolean | undefined; readonly engine?: string | undefined }[],
);
vi.mock('@hyperribbon/kernels/linear', async (original) => {
  const kernels = (await original()) as typeof import('@hyperribbon/kernels/linear');
  const createLinearWorkspace: typeof kernels.createLinearWorkspace = (options) => {
    asked.push(options);
    return kernels.createLinearWorkspace(options);
  };
  return { ...kernels, createLinearWorkspace };
});
afterEach(() => void asked.splice(0));

const band = (n: number): ReturnType<typeof fromMatvec> =>
  fromMatvec(n, (x, out) => {
    for (let i = 0; i < n; i++) out[i] = (i / n) * x[i] + 0.1 * ((x[i - 1] ?? 0) + (x[i + 1] ?? 0));
  });

it('deterministic runs do all of their work on deterministic kernels: search, projected problem, dense, traces of functions', async () => {
  // 140 basis vectors: the projected problem is large enough for kernels of its own
  const search = await eigsh(band(1200), { k: 60, tol: 1e-3, seed: 1, deterministic: true, maxMatvecs: 300 });
  expect(search.kernels.flavour).toBe('deterministic');
  const before = asked.length;
  expect(before).toBeGreaterThan(1);
  const dense = await eigsh(band(150), { k: 150, deterministic: true });
  expect([dense.completeness.method, dense.kernels.flavour]).toEqual(['dense', 'deterministic']);
  for (const method of ['hutchinson', 'hutch++', 'xtrace'] as const) {
    const { kernels } = await estimateTrace(band(120), {
      method,
      f: (x) => x * x,
      samples: 6,
      steps: 100,
      deterministic: true,
    });
    expect(kernels.flavour).toBe('deterministic');
  }
  expect(asked.length).toBeGreaterThan(before + 3);
  expect(asked.filter(({ deterministic }) => deterministic !== true)).toEqual([]);
});

it('the engine that was asked for is the one of the dense part, too', async () => {
  const { kernels } = await eigsh(band(150), { k: 150, engine: 'typescript' });
  expect(kernels.engine).toBe('typescript');
  expect(asked.map(({ engine }) => engine)).toEqual(['typescript']);
});
