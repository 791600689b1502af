import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createWorkspace, type KernelTable, type Workspace } from '@hyperribbon/kernels';
import { describe, expect, it } from 'vitest';
import {
  compile,
  float32,
  gatherRows,
  grad,
  int32,
  logSumExp,
  matmul,
  mean,
  mul,
  sub,
  sum,
  tanh,
  transpose,
} from '@hyperribbon/autodiff';
import type { Tensor } from '@hyperribbon/autodiff';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/**
 * Bytes of new objects per call: the least of six windows, since before the compiler is done and while it takes notes
 * there are more. What a call itself allocates shows in every window; a collection inside one would make it negative.
 */
function bytesPerCall(call: () => void, calls: number): number {
  const window = (): number => {
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < calls; i++) call();
    return (process.memoryUsage().heapUsed - before) / calls;
  };
  window();
  return Math.min(window(), window(), window(), window(), window(), window());
}

/** A workspace whose kernels do nothing: what allocates is the executor, not the twin's arithmetic. */
function idleWorkspace(bytes: number): Workspace {
  const workspace = createWorkspace({ bytes, deterministic: true, engine: 'typescript' });
  return { ...workspace, used: 0, float32: idle(workspace.float32), float64: idle(workspace.float64) };
}

function idle(table: KernelTable): KernelTable {
  const quiet = (entry: unknown): unknown => {
    if (typeof entry === 'function') return () => undefined;
    const members = Object.entries(entry as Record<string, unknown>);
    return Object.fromEntries(members.map(([name, member]) => [name, quiet(member)]));
  };
  return quiet(table) as KernelTable;
}

const loss = (W: Tensor, x: Tensor, labels: Tensor): Tensor => {
  const logits = tanh(matmul(x, W));
  return mean(sub(logSumExp(logits), gatherRows(logits, labels)));
};
const specs = [float32(20, 10), float32(64, 20), int32(64)];
const arrays = [new Float32Array(200).fill(0.1), new Float32Array(1280).fill(0.2), new Int32Array(64)] as const;

describe('running a compiled function', () => {
  it('allocates nothing', () => {
    const step = compile(grad(loss), specs, { workspace: idleWorkspace(2 ** 20) });
    expect(bytesPerCall(() => void step(...arrays), 5000)).toBeLessThan(16);
  });

  it('allocates nothing in chains with factors, repeated products and copies', () => {
    const f = (x: Tensor): Tensor => {
      const squares = matmul(x, transpose(x, [0, 2, 1]));
      return sum(mul(tanh(mul(squares, 0.3)), sub(1.5, squares)));
    };
    const chain = compile(f, [float32(50, 20, 20)], { workspace: idleWorkspace(2 ** 22) });
    const x = new Float32Array(20000).fill(0.5);
    expect(bytesPerCall(() => void chain(x), 3000)).toBeLessThan(16);
  });

  it('1,000 times keeps nothing, with kernels that work', () => {
    const step = compile(grad(loss), specs, { deterministic: true });
    const window = (): number => {
      const before = process.memoryUsage().heapUsed;
      for (let i = 0; i < 1000; i++) step(...arrays);
      collectGarbage();
      return (process.memoryUsage().heapUsed - before) / 1000;
    };
    window();
    // the compiler's own notes may grow for a while; what the calls keep would grow in every window
    const growth = [window(), window(), window()].sort((a, b) => a - b);
    expect(growth[1]).toBeLessThan(8);
  });

  it('would be caught: one small array per call is seen', () => {
    const step = compile(grad(loss), specs, { workspace: idleWorkspace(2 ** 20) });
    let last: unknown;
    const perCall = bytesPerCall(() => {
      step(...arrays);
      last = [Math.random(), last === undefined];
    }, 5000);
    expect(perCall).toBeGreaterThan(16);
    expect(last).toBeDefined();
  });
});
