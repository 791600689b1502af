import type { Progress } from '@hyperribbon/contract';
import { cells, cutCells, wrapCells } from '@hyperribbon/report/terminal';
import type { StepLine, StepLines } from '@hyperribbon/study';
import { colorsFor, type Colors } from './colors.js';
import { columnsOf, isInteractive } from './terminal.js';

interface Running {
  readonly title: string;
  readonly started: number;
  fraction: number;
  detail: string;
  lastPlain: number;
}

/**
 * Progress of one or more concurrent steps on standard error: on a terminal a redrawn line per running step, never longer than the terminal;
 * elsewhere plain lines, every ten seconds at first and at most five minutes apart. The time left extrapolates the step's own elapsed time.
 */
export class ProgressLines implements StepLines {
  readonly #running: Running[] = [];
  readonly #stream: NodeJS.WriteStream;
  readonly #interactive: boolean;
  readonly #colors: Colors;
  /** columns that each line on the screen takes */
  #drawn: readonly number[] = [];
  #lastDraw = 0;

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream;
    this.#interactive = isInteractive(stream);
    this.#colors = colorsFor(stream);
  }

  start(name: string): StepLine {
    const title = oneLine(name);
    const now = performance.now();
    const running: Running = { title, started: now, fraction: 0, detail: '', lastPlain: now };
    this.#running.push(running);
    if (this.#interactive) this.#draw(true);
    else this.#stream.write(`- ${title}\n`);
    const end = (mark: string, summary: string): void => {
      const index = this.#running.indexOf(running);
      if (index < 0) return;
      this.#running.splice(index, 1);
      const seconds = (performance.now() - running.started) / 1000;
      const found = summary === '' ? '' : `  ${oneLine(summary)}`;
      this.print(`${mark} ${title}${found} ${this.#colors.dim(`(${duration(seconds)})`)}`);
    };
    return {
      update: ({ done, of, detail = '' }: Progress<string>) => {
        running.fraction = of > 0 ? Math.min(1, Math.max(0, done / of)) : 0;
        running.detail = oneLine(detail);
        if (this.#interactive) this.#draw(false);
        else this.#plain(running);
      },
      done: (summary) => end(this.#colors.green('✔'), summary),
      stopped: (summary) => end(this.#colors.yellow('◼'), summary),
    };
  }

  /** A line of text above the running steps. */
  print(line: string): void {
    this.#erase();
    // a number and its unit stay on one line
    const kept = line.replaceAll(/(?<=\d) (?=%|s\b|min\b|h\b)/gu, '\u00A0');
    const lines = wrapCells(kept, columnsOf(this.#stream), '  ').map((text) => text.replaceAll('\u00A0', ' '));
    this.#stream.write(`${lines.join('\n')}\n`);
    if (this.#interactive) this.#draw(true);
  }

  /** What was drawn may stand on more rows by now: terminals break lines anew when they become narrower. */
  #erase(): void {
    const width = columnsOf(this.#stream);
    const rows = this.#drawn.reduce((sum, columns) => sum + Math.max(1, Math.ceil(columns / width)), 0);
    if (rows > 0) this.#stream.write(`\x1b[${rows}A\r\x1b[0J`);
    this.#drawn = [];
  }

  #draw(force: boolean): void {
    const now = performance.now();
    if (!force && now - this.#lastDraw < 100) return;
    this.#lastDraw = now;
    this.#erase();
    // the last column stays free, where terminals differ; the cursor cannot go up beyond the first row
    const width = Math.min(columnsOf(this.#stream), 200) - 1;
    const most = Math.max(1, (this.#stream.rows ?? 24) - 2);
    const more = this.#running.length - most;
    const lines = this.#running.slice(0, most).map((step) => this.#line(step, now, width));
    if (more > 0) lines.push(cutCells(`  … and ${more} more`, width));
    this.#drawn = lines.map(cells);
    this.#stream.write(lines.map((line) => `${line}\n`).join(''));
  }

  /** Share and time left come first, then the title, the bar, and as much of the detail as there is room for. */
  #line(step: Running, now: number, width: number): string {
    const share = `${Math.floor(step.fraction * 100)}`.padStart(3) + ' %';
    const size = width >= 60 ? 20 : width >= 36 ? 8 : 0;
    const bar = size === 0 ? '' : `  ${this.#bar(step.fraction, size)} `;
    const room = width - cells(bar);
    const left = timeLeft(step, now);
    const all = room - cells(share) - cells(left) - 2;
    // a title of a few letters says nothing: then the time left goes
    const told = all >= Math.min(12, cells(step.title)) ? `${share} ${left}` : share;
    const title = cutCells(step.title, room - cells(told) - 1);
    const text = cutCells(`${title} ${told}`, room);
    const detail = whole(step.detail, room - cells(text) - 3);
    return bar + text + (detail === '' ? '' : this.#colors.dim(` · ${detail}`));
  }

  /** What is left is dim, or dots where there are no colours. */
  #bar(fraction: number, size: number): string {
    const filled = Math.round(fraction * size);
    const { cyan, dim, isColorSupported } = this.#colors;
    return cyan('━'.repeat(filled) + dim((isColorSupported ? '━' : '·').repeat(size - filled)));
  }

  /** Long steps say less and less often: a log of a day has some three hundred lines of one step. */
  #plain(step: Running): void {
    const now = performance.now();
    const pause = Math.min(300_000, Math.max(10_000, (now - step.started) / 10));
    if (now - step.lastPlain < pause) return;
    step.lastPlain = now;
    const detail = step.detail === '' ? '' : `, ${step.detail}`;
    this.#stream.write(`  ${step.title}: ${Math.floor(step.fraction * 100)} %, ${timeLeft(step, now)}${detail}\n`);
  }
}

/** As many of the parts between commas as fit, from the first on. */
function whole(detail: string, room: number): string {
  if (cells(detail) <= room) return detail;
  const parts = detail.split(', ');
  while (parts.length > 0 && cells(parts.join(', ')) > room) parts.pop();
  return parts.join(', ');
}

/** Names come from files: they may not move the cursor. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');
}

/** An estimate only once there is something to extrapolate from: a guess would not be honest. */
function timeLeft(step: { fraction: number; started: number }, now: number): string {
  const elapsed = (now - step.started) / 1000;
  if (step.fraction < 0.02 || elapsed < 0.5) return 'estimating time left';
  return `about ${duration((elapsed * (1 - step.fraction)) / step.fraction)} left`;
}

/** "0.4 s", "12 s", "3 min 05 s", "2 h 10 min" */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (part: number): string => String(part).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}
