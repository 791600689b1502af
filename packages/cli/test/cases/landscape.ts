import { badSources, file, good, missing, out, points, type CommandCase } from './files.js';
import { writeNpz } from '@hyperribbon/data';

const refused = out('refused');
const landscape = ['landscape', '--out', refused];
const small = ['--data', points, '--architecture', 'mlp:tanh:4'];

/** Weights of a network 3-4-2. */
const given = file(
  'landscape.npz',
  writeNpz({
    W1: { shape: [3, 4], data: Float32Array.from({ length: 12 }, (_, i) => Math.sin(i + 1)) },
    b1: { shape: [4], data: new Float32Array(4) },
    W2: { shape: [4, 2], data: Float32Array.from({ length: 8 }, (_, i) => Math.cos(i)) },
    b2: { shape: [2], data: new Float32Array(2) },
  }),
);
const model = ['--model', given, '--architecture', 'mlp:tanh'];

function refusal(name: string, args: readonly string[], stderr: RegExp): CommandCase {
  return { name, args: [...landscape, ...small, ...args], stderr };
}

interface Report {
  readonly sections: {
    readonly edge: {
      readonly moments: readonly { step: number; batchSharpness?: object; topShare?: number }[];
      readonly flow?: readonly { distance?: number }[];
      readonly centralFlow?: readonly { distance?: number; critical?: number; meanLoss?: number }[];
      threshold: object;
      ended?: string;
    };
    readonly kernel: {
      readonly examples: number;
      readonly change?: object;
      readonly families?: readonly { readonly rows: readonly { width: number; seeds: number }[] }[];
    };
    readonly minimum: { readonly verdict: string };
    readonly lossPlane: { readonly loss: readonly number[]; readonly axes: readonly { kind: string }[] };
    readonly jacobian: { readonly moments: readonly object[]; readonly withMean?: object; readonly change?: object };
    readonly curvature: readonly { readonly eigenvalues: readonly number[] }[];
  };
  readonly notes?: readonly { title: string; text: string }[];
}

/** A run that is done, and what must be in its report. */
function done(
  name: string,
  args: readonly string[],
  check: (record: Report) => boolean,
  writes: readonly string[] = [],
): CommandCase {
  const folder = out(`landscape-${name.replaceAll(' ', '-')}`);
  return {
    name,
    args: ['landscape', '--data', points, ...args, '--out', folder, '--force'],
    code: 0,
    writes: ['report.html', ...writes].map((one) => `${folder}/${one}`),
    record: [`${folder}/report.json`, check],
  };
}

const trained = ['--architecture', 'mlp:tanh:4', '--steps', '20', '--every', '4', '--examples', '30'];

export const landscapeCases: readonly CommandCase[] = [
  ...badSources(landscape),
  refusal('an output folder that is a file', ['--out', `${good}/report`], /--out: cannot write/),
  refusal('a model that is not there', ['--model', `${missing}.npz`], /--model: cannot read/),
  refusal('an optimiser of nobody', ['--optimizer', 'adagrad'], /--optimizer: expected sgd|--optimizer: expected/),
  refusal('a rate of zero', ['--learning-rate', '0'], /--learning-rate: must be a positive number/),
  refusal('no steps', ['--steps', '0'], /--steps: must be a whole number at least 1/),
  refusal('a plane of one point', ['--plane', '1'], /--plane: must be a whole number from 2 to 501/),
  refusal('axes without a plane', ['--axes', 'hessian'], /--axes: goes with --plane/),
  refusal(
    'axes of nothing',
    ['--plane', '--axes', 'pca'],
    /Allowed choices are filter, hessian, hessian-ends, trajectory/,
  ),
  refusal('more examples than there are', ['--examples', '51'], /--examples: there are 50 training examples, got 51/),
  refusal(
    'batches of more than all',
    ['--examples', '30', '--batch-size', '31'],
    /--batch-size: there are 30 examples/,
  ),
  refusal('training of given weights', [...model, '--steps', '9'], /--steps: goes with a network that is trained here/),
  refusal('a rule for given weights', [...model, '--optimizer', 'adam'], /--optimizer: goes with a network that is/),
  refusal('the way of weights that have none', [...model, '--plane', '--axes', 'trajectory'], /--axes: .*no run/),
  refusal(
    'a minimum of what bends everywhere',
    ['--minimum'],
    /--minimum: is built of rectifiers .* mlp:tanh:3,4,2|--minimum: is built of rectifiers/,
  ),
  refusal('a minimum of given weights', [...model, '--minimum'], /--minimum: goes with a network that is trained here/),
  refusal('gradient flow of momentum', ['--flow', '--optimizer', 'momentum'], /--flow: .*says nothing of momentum/),
  refusal('gradient flow of batches', ['--flow', '--batch-size', '7'], /--flow: .*says nothing of batches of 7/),
  refusal(
    'central flow of momentum',
    ['--central-flow', '--optimizer', 'momentum'],
    /--central-flow: .*nothing of mom/,
  ),
  refusal(
    'central flow of batches',
    ['--central-flow', '--batch-size', '7'],
    /--central-flow: .*nothing of batches of 7/,
  ),
  refusal('central flow of given weights', [...model, '--central-flow'], /--central-flow: goes with a network that is/),
  done(
    'a run is watched',
    [...trained, '--jacobian', '--plane', '5'],
    ({ sections: { edge, lossPlane, jacobian } }) =>
      edge.moments.map(({ step }) => step).join() === '0,4,8,12,16,20' &&
      lossPlane.loss.length === 25 &&
      lossPlane.axes.every(({ kind }) => kind === 'trajectory') &&
      jacobian.moments.length === 6 &&
      jacobian.withMean !== undefined &&
      jacobian.change !== undefined,
    ['edge.svg', 'loss-plane.svg', 'jacobian.svg'],
  ),
  done(
    'flow and minimum stand beside a run',
    ['--architecture', 'mlp:relu:4,4', '--steps', '8', '--every', '4', '--examples', '30', '--flow', '--minimum'],
    ({ sections: { edge, minimum } }) =>
      edge.flow!.every(({ distance }) => distance !== undefined) && minimum.verdict === 'local-minimum',
  ),
  done(
    'central flow stands beside a run',
    [...trained, '--central-flow', '--learning-rate', '0.05'],
    ({ sections: { edge }, notes = [] }) =>
      edge.centralFlow!.every((at) => at.distance! < 0.1 && at.critical === 0 && at.meanLoss !== undefined) &&
      notes.every(({ title }) => title !== 'Central flow'),
  ),
  done(
    'no central flow from above the edge',
    [...trained, '--central-flow', '--learning-rate', '20'],
    ({ sections: { edge }, notes = [] }) =>
      edge.centralFlow === undefined &&
      notes.some(({ title, text }) => title === 'Central flow' && /Take a learning rate below/.test(text)),
  ),
  refusal('a kernel of more than all', ['--examples', '30', '--kernel', '31'], /--kernel: there are 30 examples/),
  refusal('seeds without widths', ['--width-seeds', '3'], /--width-seeds: goes with --widths/),
  done(
    'kernels before and after, and against width',
    [...trained, '--kernel', '6', '--widths', '8,3', '--width-seeds', '2', '--quick'],
    ({ sections: { kernel } }) =>
      kernel.examples === 6 &&
      kernel.change !== undefined &&
      kernel.families![0].rows.map(({ width, seeds }) => `${width}:${seeds}`).join() === '3:2,8:2',
    ['kernel-widths.svg'],
  ),
  done('batches have their own sharpness', [...trained, '--batch-size', '10'], ({ sections: { edge } }) =>
    edge.moments.every(({ batchSharpness }) => batchSharpness !== undefined),
  ),
  done(
    'a rule without threshold says why',
    [...trained, '--optimizer', 'sign:0.9'],
    ({ sections: { edge } }) => 'why' in edge.threshold && !('value' in edge.threshold),
  ),
  done(
    'a rate that is too large ends the run and says why',
    [...trained, '--learning-rate', '1e30'],
    ({ sections: { edge }, notes = [] }) =>
      edge.ended !== undefined && notes.some(({ title }) => title === 'The run ended early'),
  ),
  done(
    'given weights have sharpness and plane and Jacobian',
    [...model, '--plane', '4', '--axes', 'hessian', '--jacobian', '--loss', 'cross-entropy'],
    ({ sections }) =>
      sections.curvature[0].eigenvalues.length > 0 &&
      sections.lossPlane.axes.every(({ kind }) => kind === 'hessian') &&
      sections.jacobian.moments.length === 1 &&
      !('edge' in sections),
    ['loss-plane.svg'],
  ),
];
