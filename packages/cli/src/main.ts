import { sentenceOf } from '@hyperribbon/contract';
import { enableExperimentalSimd } from '@hyperribbon/kernels';
import { Command, CommanderError } from 'commander';
import { analyzeCommand } from './commands/analyze.js';
import { boundCommand } from './commands/bound.js';
import { exportCommand } from './commands/export.js';
import { inpcaCommand } from './commands/inpca.js';
import { inspectCommand } from './commands/inspect.js';
import { inputsCommand } from './commands/inputs.js';
import { landscapeCommand } from './commands/landscape.js';
import { measuresCommand } from './commands/measures.js';
import { phaseCommand } from './commands/phase.js';
import { ribbonCommand } from './commands/ribbon.js';
import { spectrumCommand } from './commands/spectrum.js';
import { trainCommand } from './commands/train.js';
import { verifyCommand } from './commands/verify.js';
import { weightsCommand } from './commands/weights.js';
import { colorsFor } from './output/colors.js';
import { columnsOf, fitted } from './output/terminal.js';
import { faultText, isUserFault } from './userFault.js';
import { UsageError } from './usageError.js';
import { version } from './version.js';

/** What stands below the list of commands. */
const after = `
Examples:
  hyperribbon analyze                                      the whole story on binary MNIST, in about two minutes
  hyperribbon analyze --data points.csv --architecture mlp:tanh:64
  hyperribbon bound --quick                                a certified bound of a network in a minute
  hyperribbon measures --quick                             norms, ranks, margins, collapse, and the bounds made of them
  hyperribbon landscape --quick                            sharpness at the edge of stability, planes of the loss
  hyperribbon ribbon --quick                               how low-dimensional is training? maps of an ensemble of networks
  hyperribbon phase --steps 1000                           when are trajectories of linear regression a hyper-ribbon?
  hyperribbon inpca predictions.npz                        map of your own models by what they predict
  hyperribbon inputs --data mnist:train:0:10000            spectrum of the input correlation matrix
  hyperribbon train --data mnist --task digits --architecture mlp:relu:128 --out net.npz
  hyperribbon spectrum --model net.npz --data mnist:train:0:2048 --top 12
  hyperribbon inspect resnet.onnx                          layers, shapes and parameters of a network
  hyperribbon weights resnet.onnx                          what its weights alone tell: heavy tails, norms, noise
  hyperribbon export net.npz --out net.onnx                a network for other runtimes
  hyperribbon verify hyperribbon-report/certificate.json   is the bound what its ingredients give?

Exit codes: 0 done, 1 internal fault (verify: the certificate is refused), 2 a mistake in arguments or files, 130 interrupted (143 by
SIGTERM; what was done is written).`;

/**
 * The command line.
 * @param argv as process.argv: node, script, arguments
 * @returns the exit code: 0 done, 1 a fault of ours, 2 a mistake in the arguments or files, 130 or 143 interrupted
 */
export async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('hyperribbon')
    .description('What does the geometry of a loss and of its data say about generalisation?')
    .version(version)
    .showHelpAfterError('(hyperribbon --help lists the commands)')
    .exitOverride()
    .addHelpText('after', after);
  // a program may opt in for its whole process, a library should not; before any kernel is compiled
  enableExperimentalSimd();
  let exitCode = 0;
  const setExit = (code: number): void => {
    exitCode = code;
  };
  for (const make of [
    analyzeCommand,
    boundCommand,
    measuresCommand,
    landscapeCommand,
    trainCommand,
    inputsCommand,
    spectrumCommand,
    inspectCommand,
    weightsCommand,
    exportCommand,
    ribbonCommand,
    phaseCommand,
    inpcaCommand,
    verifyCommand,
  ]) {
    program.addCommand(make(setExit).exitOverride());
  }
  try {
    await program.parseAsync(argv);
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (isUserFault(error)) {
      const text = error instanceof UsageError ? error.message : sentenceOf(error);
      const line = `${colorsFor(process.stderr).red('hyperribbon:')} ${text}
`;
      process.stderr.write(fitted(line, columnsOf(process.stderr)));
      return 2;
    }
    process.stderr.write(faultText(error));
    return 1;
  }
}
