import { badSources, file, good, out, points, table, type CommandCase } from './files.js';

const refused = ['phase', '--out', out('refused')];
const refusal = (name: string, args: readonly string[], stderr: RegExp): CommandCase => ({
  name,
  args: [...refused, ...args],
  stderr,
});

interface Record {
  readonly status: { readonly complete: boolean };
  readonly setting: { readonly trainCount?: number; readonly seed?: number };
  readonly sections: {
    readonly inputSpectrum?: object;
    readonly linearRegression: {
      readonly phase: {
        readonly decays: readonly number[];
        readonly scaleRatios: readonly number[];
        readonly explained3: readonly number[];
        readonly steps: number;
        readonly boundaries: readonly { readonly kind: string; readonly points: readonly object[] }[];
        readonly point?: { readonly decay: number; readonly scaleRatio: number; readonly explained3: number };
      };
    };
  };
}

const small = ['--points', '5', '--decays', '0.5:4', '--workers', '1'];

export const phaseCases: readonly CommandCase[] = [
  ...badSources(refused),
  {
    name: 'the diagram of model spectra, which variance fills from below',
    args: ['phase', ...small, '--ratios', '0.5:50', '--steps', '100', '--out', out('phases')],
    code: 0,
    stdout: /90 % in 3 directions +from rho +after 100 steps \(reconstruction\)\s+at c = 0\.5\d* +\d/,
    stderr: /hyperribbon phase: 5 × 5 points, 100 steps[\s\S]*✔ phase diagram/,
    writes: [out('phases/report.html'), out('phases/phase.svg')],
    record: [
      out('phases/report.json'),
      ({ status, setting, sections }: Record) => {
        const { decays, scaleRatios, explained3, boundaries, point, steps } = sections.linearRegression.phase;
        const rising = explained3.every((share, i) => i % 5 === 0 || share >= explained3[i - 1] - 1e-12);
        // phaseBoundary's own number for c = 0.5, T = 100
        const first = boundaries.find(({ kind }) => kind === 'exact')?.points[0] as { scaleRatio: number };
        const ends = decays[0] === 0.5 && Math.abs(decays[4] - 4) < 1e-12 && scaleRatios[0] === 0.5;
        const bare = point === undefined && setting.trainCount === undefined && setting.seed === undefined;
        return status.complete && steps === 100 && rising && ends && bare && Math.abs(first.scaleRatio - 3.36) < 0.7;
      },
    ],
  },
  {
    name: 'the place of data in it, closer to the ribbon from a smaller start',
    args: ['phase', ...small, '--data', points, '--initial-scale', '0.001', '--out', out('placed')],
    code: 0,
    stdout: /variance in 3 directions +\d+\.\d %  at c = /,
    writes: [out('placed/input-spectrum.svg')],
    record: [
      out('placed/report.json'),
      ({ setting, sections }: Record) => {
        const { point } = sections.linearRegression.phase;
        return setting.trainCount === 60 && point !== undefined && point.scaleRatio > 10 && point.explained3 > 0.9;
      },
    ],
  },
  refusal('steps that diverge', ['--relative-step', '2'], /--relative-step: must be below 2, where descent diverges/),
  refusal('axes that run backwards', ['--decays', '4:1'], /--decays: expected FROM:TO with 0 < FROM < TO, got "4:1"/),
  refusal('an axis from 0', ['--ratios', '0:10'], /--ratios: expected FROM:TO/),
  refusal('an axis of one number', ['--ratios', '10'], /--ratios: expected FROM:TO/),
  refusal(
    'spectra that are nearly flat',
    ['--decays', '1e-4:1'],
    /--decays: 0\.0001 is too flat for 200 steps, take at least 0\.0074/,
  ),
  refusal('one step', ['--steps', '1'], /--steps: must be a whole number from 2/),
  refusal('one point', ['--points', '1'], /--points: must be a whole number from 2 to 400/),
  refusal('a start without data', ['--initial-scale', '0.1'], /--initial-scale: goes with data; name them by --data/),
  refusal('a choice of examples without data', ['--train-examples', '5'], /--train-examples: goes with data/),
  refusal('a task without data', ['--task', 'digits'], /--task: goes with data/),
  refusal('labels without data', ['--label-column', 'y'], /--label-column: goes with data/),
  refusal('an output folder that is a file', ['--out', `${good}/phase`], /--out: cannot write/),
  refusal(
    'inputs that are all zero',
    [
      '--data',
      file(
        'phase-zero.csv',
        table(() => 0),
      ),
    ],
    /--data: all inputs are zero/,
  ),
];
