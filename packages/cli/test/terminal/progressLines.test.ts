// Oracle: what a person sees of long steps: on a terminal a line each, redrawn; elsewhere plain lines; no estimate before there is one.
import { cells } from '@hyperribbon/report/terminal';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { duration, ProgressLines } from '../../src/output/progressLines.js';
import { TerminalScreen } from './terminalScreen.js';

let written = '';
const stream = (isTTY: boolean): NodeJS.WriteStream =>
  ({ isTTY, columns: 80, write: (text: string) => ((written += text), true) }) as unknown as NodeJS.WriteStream;

beforeEach(() => {
  written = '';
  vi.useFakeTimers();
  vi.stubEnv('TERM', 'xterm');
  vi.stubEnv('NO_COLOR', '1');
  vi.stubEnv('CI', '');
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

describe('on a terminal', () => {
  it('a step has a bar, its share and the time that its pace foretells', () => {
    const line = new ProgressLines(stream(true)).start('training');
    expect(written).toContain(`${'·'.repeat(20)} training   0 % estimating time left`);
    vi.advanceTimersByTime(10_000);
    line.update({ done: 25, of: 100, detail: 'epoch 1' });
    expect(written).toContain('training  25 % about 30 s left · epoch 1');
    expect(written).toContain(`  ${'━'.repeat(5)}${'·'.repeat(15)} training`);
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

describe('on a terminal of any width', () => {
  const title = 'optimising the bound of mlp:relu:784,600,600,10 on 55000 examples';
  const detail = 'epoch 12/300, bound about 20.15 %, error 3.20 %, KL 4312';
  /** Two steps at work for a while, one of them with a name in wide characters. */
  function work(screen: TerminalScreen, meanwhile: () => unknown = () => undefined): ProgressLines {
    const lines = new ProgressLines(screen.stream());
    const steps = [lines.start(title), lines.start('データ 訓練セット: 学習')];
    for (let i = 1; i <= 60; i++) {
      vi.advanceTimersByTime(5000);
      if (i === 30) meanwhile();
      for (const step of steps) step.update({ done: i, of: 80, detail });
    }
    return lines;
  }
  const shown = ({ rows }: TerminalScreen): readonly string[] => rows.filter((row) => row !== '');

  it.each([10, 20, 24, 36, 40, 59, 60, 80, 120, 200])(
    'of %i columns a step is one row, drawn in its place',
    (width) => {
      const screen = new TerminalScreen(width);
      work(screen);
      expect(shown(screen)).toHaveLength(2);
      for (const row of shown(screen)) expect(cells(row)).toBeLessThan(width);
      expect(shown(screen)[0]).toMatch(/ 75 %/u);
    },
  );

  it('shows what matters first: share, time left, name, bar, details that are whole', () => {
    const row = (width: number): string => {
      const screen = new TerminalScreen(width);
      work(screen);
      return shown(screen)[0];
    };
    expect(row(200)).toBe(`  ${'━'.repeat(15)}${'·'.repeat(5)} ${title}  75 % about 1 min 40 s left · ${detail}`);
    expect(row(120)).toBe(`  ${'━'.repeat(15)}${'·'.repeat(5)} ${title}  75 % about 1 min 40 s left`);
    expect(row(80)).toBe(
      `  ${'━'.repeat(15)}${'·'.repeat(5)} optimising the bound of mlp…  75 % about 1 min 40 s left`,
    );
    expect(row(40)).toBe('  ━━━━━━·· optimising the bound…  75 %');
    expect(row(24)).toBe('optimising the b…  75 %');
  });

  it.each([
    [200, 40],
    [80, 20],
    [60, 10],
    [40, 200],
  ])('that changes from %i to %i columns meanwhile has each step once', (before, after) => {
    const screen = new TerminalScreen(before);
    work(screen, () => (screen.columns = after)).print('done');
    expect(shown(screen)).toHaveLength(3);
    expect(shown(screen).join('\n').split('75 %')).toHaveLength(3);
  });

  it('with fewer rows than there are steps shows how many more there are', () => {
    const screen = new TerminalScreen(80);
    const lines = new ProgressLines(screen.stream());
    const steps = Array.from({ length: 40 }, (_, i) => lines.start(`step ${i}`));
    vi.advanceTimersByTime(1000);
    for (const step of steps) step.update({ done: 1, of: 2 });
    vi.advanceTimersByTime(1000);
    steps[0].update({ done: 1, of: 2 });
    expect(shown(screen)).toHaveLength(23);
    expect(shown(screen).at(-1)).toBe('  … and 18 more');
  });

  it('breaks what it prints between words', () => {
    const screen = new TerminalScreen(40);
    const line = new ProgressLines(screen.stream()).start('training the ensemble');
    line.done('36 runs, 1296 checkpoints, two of them diverged');
    expect(shown(screen)).toEqual([
      '✔ training the ensemble  36 runs, 1296',
      '  checkpoints, two of them diverged',
      '  (0.0 s)',
    ]);
  });

  it('would show lines that are too long, each time they are drawn', () => {
    const screen = new TerminalScreen(40);
    const stream = screen.stream();
    for (let i = 0; i < 5; i++) stream.write(`${i > 0 ? '\x1b[1A\x1b[0J' : ''}${'x'.repeat(50)}\n`);
    expect(shown(screen).length).toBeGreaterThan(2);
  });
});

describe('in a file', () => {
  it('has no characters that move a cursor, whatever the names', () => {
    const line = new ProgressLines(stream(false)).start('a\nb\u001B[2Jc');
    line.update({ done: 1, of: 2, detail: '\r\u0007' });
    line.done('x\ny');
    // oxlint-disable-next-line no-control-regex
    expect(written.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001F\u007F-\u009F]/u);
    expect(written.split('\n')).toHaveLength(3);
  });

  it.each(['true', '1'])('the same stands in the log of a CI service with a terminal of its own (CI=%s)', (CI) => {
    vi.stubEnv('CI', CI);
    const line = new ProgressLines(stream(true)).start('training');
    line.done('');
    expect(written).toBe('- training\n✔ training (0.0 s)\n');
  });

  it('a day has a few hundred lines, never more than five minutes apart', () => {
    const line = new ProgressLines(stream(false)).start('training');
    const times: number[] = [];
    for (let second = 1; second <= 86_400; second++) {
      vi.advanceTimersByTime(1000);
      const before = written.length;
      line.update({ done: second, of: 86_400 });
      if (written.length > before) times.push(second);
    }
    expect(times.length).toBeLessThan(400);
    expect(Math.max(...times.slice(1).map((time, i) => time - times[i]))).toBeLessThanOrEqual(300);
    expect(times.slice(0, 3)).toEqual([10, 20, 30]);
  });

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
  [3599.6, '1 h 00 min'],
  [7805, '2 h 10 min'],
])('%d seconds are %s', (seconds, words) => expect(duration(seconds)).toBe(words));
