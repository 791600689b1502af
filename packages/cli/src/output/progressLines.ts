import type { Progress } from '@hyperribbon/contract';
import type { StepLine, StepLines } from '@hyperribbon/study';
import { colorsFor, type Colors } from './colors.js';

interface Running {
  readonly title: string;
  readonly started: number;
  fraction: number;
  detail: string;
  lastPlain: number;
}

const barWidth = 20;

/**
 * Progress of one or more concurrent steps on standard error: a redrawn line per running step on a terminal, a plain
 * line every ten seconds elsewhere. The time left extrapolates the step's own elapsed time.
 */
export class ProgressLines implements StepLines {
  readonly #running: Running[] = [];
  readonly #stream: NodeJS.WriteStream;
  readonly #interactive: boolean;
  readonly #colors: Colors;
  #drawn = 0;
  #lastDraw = 0;

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream;
    this.#interactive = stream.isTTY === true && process.env['TERM'] !== 'dumb';
    this.#colors = colorsFor(stream);
  }

  start(title: string): StepLine {
    const running: Running = {
      title,
      started: performance.now(),
      fraction: 0,
      detail: '',
      lastPlain: performance.now(),
    };
    this.#running.push(running);
    if (this.#interactive) this.#draw(true);
    else this.#stream.write(`- ${title}\n`);
    const end = (mark: string, summary: string): void => {
      const index = this.#running.indexOf(running);
      if (index < 0) return;
      this.#running.splice(index, 1);
      const seconds = (performance.now() - running.started) / 1000;
      this.print(`${mark} ${title}  ${summary} ${this.#colors.dim(`(${duration(seconds)})`)}`);
    };
    return {
      update: ({ done, of, detail = '' }: Progress<string>) => {
        running.fraction = of > 0 ? Math.min(1, Math.max(0, done / of)) : 0;
        running.detail = detail;
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
    this.#stream.write(`${line}\n`);
    if (this.#interactive) this.#draw(true);
  }

  #erase(): void {
    if (this.#drawn > 0) this.#stream.write(`\x1b[${this.#drawn}A\x1b[0J`);
    this.#drawn = 0;
  }

  #draw(force: boolean): void {
    const now = performance.now();
    if (!force && now - this.#lastDraw < 100) return;
    this.#lastDraw = now;
    this.#erase();
    const width = Math.max(40, this.#stream.columns ?? 80);
    for (const step of this.#running) {
      const filled = Math.round(step.fraction * barWidth);
      const bar = '━'.repeat(filled) + this.#colors.dim('━'.repeat(barWidth - filled));
      const percent = `${Math.floor(step.fraction * 100)}`.padStart(3);
      const text = `${step.title} ${percent} % ${timeLeft(step, now)}`;
      const room = width - barWidth - text.length - 6;
      const detail = step.detail && room > 8 ? ` · ${step.detail.slice(0, room)}` : '';
      this.#stream.write(`  ${this.#colors.cyan(bar)} ${text}${this.#colors.dim(detail)}\n`);
    }
    this.#drawn = this.#running.length;
  }

  #plain(step: Running): void {
    const now = performance.now();
    if (now - step.lastPlain < 10_000) return;
    step.lastPlain = now;
    this.#stream.write(
      `  ${step.title}: ${Math.floor(step.fraction * 100)} %, ${timeLeft(step, now)}${step.detail ? `, ${step.detail}` : ''}\n`,
    );
  }
}

/** An estimate only once there is something to extrapolate from: a guess would not be honest. */
function timeLeft(step: { fraction: number; started: number }, now: number): string {
  const elapsed = (now - step.started) / 1000;
  if (step.fraction < 0.02 || elapsed < 0.5) return 'estimating time left';
  return `about ${duration((elapsed * (1 - step.fraction)) / step.fraction)} left`;
}

/** "0.4 s", "12 s", "3 min 05 s" */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}
