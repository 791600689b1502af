// Oracle: what a person sees of long steps: on a terminal a line each, redrawn; elsewhere plain lines; no estimate before there is one.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { duration, ProgressLines } from '../src/output/progressLines.js';

let written = '';
const stream = (isTTY: boolean): NodeJS.WriteStream =>
  ({ isTTY, columns: 80, write: (text: string) => ((written += text), true) }) as unknown as NodeJS.WriteStream;

beforeEach(() => {
  written = '';
  vi.useFakeTimers();
  vi.stubEnv('TERM', 'xterm');
  vi.stubEnv('NO_COLOR', '1');
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

describe('on a terminal', () => {
  it('a step has a bar, its share and the time that its pace foretells', () => {
    const line = new ProgressLines(stream(true)).start('training');
    expect(written).toContain('training   0 % estimating time left');
    vi.advanceTimersByTime(10_000);
    line.update({ done: 25, of: 100, detail: 'epoch 1' });
    expect(written).toContain('training  25 % about 30 s left · epoch 1');
    expect(written).toContain('━'.repeat(20));
  });

  it('is redrawn at most ten times a second', () => {
    const line = new ProgressLines(stream(true)).start('training');
    vi.advanceTimersByTime(200);
    line.update({ done: 1, of: 10 });
    const length = written.length;
    line.update({ done: 2, of: 10 });
    expect(written).toHaveLength(length);
    vi.advanceTimersByTime(200);
    line.update({ done: 3, of: 10 });
    expect(written.length).toBeGreaterThan(length);
  });

  it('ends with a mark, a sentence and the time it took; others stay', () => {
    const lines = new ProgressLines(stream(true));
    const first = lines.start('first');
    lines.start('second');
    vi.advanceTimersByTime(65_000);
    written = '';
    first.done('λ₁ = 3');
    expect(written).toContain('✔ first  λ₁ = 3 (1 min 05 s)\n');
    expect(written).toContain('second');
    first.done('again');
    expect(written).not.toContain('again');
  });
});

describe('in a file', () => {
  it('there is a line at the start, one every ten seconds, and one at the end', () => {
    const line = new ProgressLines(stream(false)).start('training');
    expect(written).toBe('- training\n');
    vi.advanceTimersByTime(4000);
    line.update({ done: 1, of: 10 });
    expect(written).toBe('- training\n');
    vi.advanceTimersByTime(6000);
    line.update({ done: 2, of: 10, detail: 'epoch 2' });
    expect(written).toBe('- training\n  training: 20 %, about 40 s left, epoch 2\n');
    line.stopped('interrupted at step 2');
    expect(written).toContain('◼ training  interrupted at step 2 (10 s)\n');
  });

  it.each([
    [{ done: 5, of: 0 }, '0 %'],
    [{ done: 12, of: 10 }, '100 %'],
    [{ done: 3, of: Infinity }, '0 %'],
    [{ done: -1, of: 10 }, '0 %'],
  ])('%j shows %s', (progress, shown) => {
    const line = new ProgressLines(stream(false)).start('x');
    vi.advanceTimersByTime(10_000);
    line.update(progress);
    expect(written).toContain(`x: ${shown}`);
  });
});

it.each([
  [0.04, '0.0 s'],
  [9.94, '9.9 s'],
  [9.96, '10 s'],
  [59.4, '59 s'],
  [59.6, '1 min 00 s'],
  [185, '3 min 05 s'],
])('%d seconds are %s', (seconds, words) => expect(duration(seconds)).toBe(words));
