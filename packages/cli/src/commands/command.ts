import { setMaxListeners } from 'node:events';
import { Command } from 'commander';
import { ProgressLines } from '../output/progressLines.js';
import { stopOnSignal } from '../output/stopOnSignal.js';
import { columnsOf, fitted } from '../output/terminal.js';
import { UsageError } from '../usageError.js';
import { addOptions, defaultsOf, type Given, type OptionTable } from '../options/option.js';

/** What a command's action works with. */
export interface Running {
  /** aborted at the first Ctrl-C: what is done is written */
  readonly signal: AbortSignal;
  readonly lines: ProgressLines;
  /** the words that were typed */
  readonly commandLine: string;
  /** to standard output, lines broken where a terminal ends */
  print(text: string): void;
  /** to standard output as it is: what is copied or parsed */
  printWhole(text: string): void;
  /** wall-clock time since the command began */
  seconds(): number;
}

export interface CommandSpec<Table extends OptionTable> {
  readonly name: string;
  readonly description: string;
  readonly options: Table;
  /** a file that the command takes without a flag */
  readonly argument?: readonly [name: string, help: string];
  /** stands below the options in the help */
  readonly after: string;
  /** @returns the exit code, if it is not 0 (130 after Ctrl-C, 143 after SIGTERM: whatever it returns) */
  run(options: Given<Table>, running: Running, argument: string): Promise<number | undefined>;
}

/** A command as the program takes it; `setExit` hears its exit code. */
export type MakeCommand = (setExit: (code: number) => void) => Command;

/** Makes a command of its description: options declared once, Ctrl-C as an abort signal, exit codes. */
export function command<Table extends OptionTable>(spec: CommandSpec<Table>): MakeCommand {
  return (setExit) => {
    const made = addOptions(new Command(spec.name).description(spec.description), spec.options);
    if (spec.argument !== undefined) made.argument(`[${spec.argument[0]}]`, spec.argument[1]);
    return made.addHelpText('after', `\n${spec.after}`).action(async (...given: unknown[]) => {
      const began = performance.now();
      const controller = new AbortController();
      // every job that waits listens: hundreds are no leak
      setMaxListeners(0, controller.signal);
      const lines = new ProgressLines();
      const stop = stopOnSignal(
        () => controller.abort(),
        (words) => lines.print(words),
      );
      const running: Running = {
        signal: controller.signal,
        lines,
        commandLine: ['hyperribbon', ...process.argv.slice(2)].join(' '),
        printWhole: (text) => void process.stdout.write(text),
        print: (text) => void process.stdout.write(fitted(text, columnsOf(process.stdout))),
        seconds: () => (performance.now() - began) / 1000,
      };
      const [argument, options] = spec.argument === undefined ? ['', given[0]] : given;
      try {
        if (argument === undefined) throw missing(spec.argument?.[0], options as Readonly<Record<string, unknown>>);
        const code = await spec.run({ ...defaultsOf(spec.options), ...(options as object) }, running, String(argument));
        setExit(stop.exitCode ?? code ?? 0);
      } catch (error) {
        if (stop.exitCode === undefined || !(error instanceof Error) || error.name !== 'AbortError') throw error;
        running.lines.print('stopped before there was a result');
        setExit(stop.exitCode);
      } finally {
        stop.release();
      }
    });
  };
}

/** An argument that is not there, perhaps because a flag before it took it. */
function missing(name: string | undefined, options: Readonly<Record<string, unknown>>): UsageError {
  const { json } = options;
  const taken = typeof json === 'string' && json !== '-';
  const where = taken ? `; --json took ${json}. Put the ${name} first, or write --json -` : '';
  return new UsageError(`missing required argument '${name}'${where}`);
}
