// The figures of docs/theory/deep-linear-networks.md: node docs/figures/deep-linear-networks.mjs (after npm run build)
import { kernelToRich, lambdaBalancedFlow, lambdaBalancedNet, saxeMode } from '@hyperribbon/linear-dynamics';
import { blue, frame, green, line, red, text, violet, write } from './draw.mjs';

const colours = [blue, red, green, violet];

/** One panel: curves over a linear x and y, each with its label at a point of the panel. */
function panel({ curves, ...layout }) {
  const axes = frame(layout);
  return [
    axes.svg,
    ...curves.flatMap(({ points, colour, dash, label, at: [u, v] }) => [
      line(axes, points, colour, dash ? 'stroke-dasharray="6 4"' : ''),
      text(axes.x(u), axes.y(v), label, colour),
    ]),
  ].join('\n');
}

const size = { width: 330, height: 230, top: 50 };

// 1. Modes: depth makes the steps sharper and the waits longer
const singularValues = [3, 2, 1.2, 0.7];
const modePanel = (x, depth, initial, until) => {
  const times = Array.from({ length: 241 }, (_, i) => (until * i) / 240);
  return panel({
    ...size,
    left: x,
    title: `${depth} layers, every mode starts at ${initial}`,
    xLabel: 'time t/τ',
    yLabel: 'mode strength u(t)',
    xRange: [0, until],
    yRange: [0, 3.3],
    xTicks: [0, 0.25, 0.5, 0.75, 1].map((f) => [f * until, String(f * until)]),
    yTicks: [0, 1, 2, 3].map((v) => [v, String(v)]),
    curves: singularValues.map((singularValue, k) => ({
      points: Array.from(saxeMode({ singularValue, initial, depth }, times).values, (u, i) => [times[i], u]),
      colour: colours[k],
      label: `s = ${singularValue}`,
      at: [until * 0.86, singularValue + 0.07],
    })),
  });
};
write(
  'deep-linear-modes.svg',
  'Modes of a deep linear network over time',
  'Strengths of four modes against time for two and for four layers. Large singular values are learned first, in steps.',
  860,
  330,
  [modePanel(70, 2, 0.01, 8), modePanel(500, 4, 0.01, 16)].join('\n'),
);

// 2. Two roads from lazy to rich
const inputOutput = [2, 0.5, 0.3, 1];
const lambdas = Array.from({ length: 81 }, (_, i) => -8 + i * 0.2);
const times = [1e5];
const shares = lambdas.map((lambda) => {
  const net = lambdaBalancedNet([0.3, 0, 0, 0.2], { widths: [2, 2, 2], lambda });
  const { outputGram: G } = lambdaBalancedFlow(net, { inputOutput, times });
  // eigenvalues of a symmetric 2 × 2 matrix
  const [mean, half] = [(G[0] + G[3]) / 2, Math.hypot((G[0] - G[3]) / 2, G[1])];
  return [mean + half, mean - half];
});
const problem = { inputs: [1, 2, -1, 0.5, 0, 1, 1, -1], targets: [1, 0.5] };
const exponents = Array.from({ length: 71 }, (_, i) => -2.5 + i * 0.05);
const maps = exponents.map((e) => kernelToRich(problem, { alpha: 10 ** e }).map);
write(
  'lazy-to-rich.svg',
  'From lazy to rich in two models',
  'Left: eigenvalues of the learned output representation against the balance lambda. Right: the learned map of a diagonal network against the initial scale alpha.',
  860,
  330,
  [
    panel({
      ...size,
      left: 70,
      title: 'Two layers: what W₂W₂ᵀ has become',
      xLabel: 'balance λ of the start',
      yLabel: 'eigenvalues of W₂W₂ᵀ',
      xRange: [-8, 8],
      yRange: [0, 9],
      xTicks: [-8, -4, 0, 4, 8].map((v) => [v, String(v)]),
      yTicks: [0, 3, 6, 9].map((v) => [v, String(v)]),
      curves: [
        {
          points: lambdas.map((l) => [l, Math.max(l, 0)]),
          colour: '#999',
          dash: true,
          label: 'lazy: λ',
          at: [5.3, 4.7],
        },
        ...[0, 1].map((k) => ({
          points: shares.map((pair, i) => [lambdas[i], pair[k]]),
          colour: colours[k],
          label: `mode ${k + 1}`,
          at: k === 0 ? [0.4, 4.6] : [2.6, 1.1],
        })),
      ],
    }),
    panel({
      ...size,
      left: 500,
      title: 'Diagonal network: the map at the end',
      xLabel: 'log₁₀ of the initial scale α',
      yLabel: 'entries of β',
      xRange: [-2.5, 1],
      yRange: [-0.1, 0.62],
      xTicks: [-2, -1, 0, 1].map((v) => [v, String(v)]),
      yTicks: [0, 0.2, 0.4, 0.6].map((v) => [v, String(v)]),
      curves: [0, 1, 2, 3].map((k) => ({
        points: maps.map((map, i) => [exponents[i], map[k]]),
        colour: colours[k],
        label: `β${'₁₂₃₄'[k]}`,
        at: [0.75, maps[70][k] + 0.015],
      })),
    }),
  ].join('\n'),
);
