// The figure of ../low-rank.md: gaps by rank, one panel for each depth.
import { blue, dots, frame, green, ink, line, red, sup, text, violet, write } from '../../../figures/draw.mjs';

const shown = [
  ['Pinto et al., printed', blue, 'stroke-dasharray="6 4"'],
  ['Pinto et al., tight', blue, ''],
  ['Bartlett et al.', red, ''],
  ['Golowich et al.', violet, ''],
  ['trivial', '#999', 'stroke-dasharray="2 4"'],
  ['low-rank counting', green, ''],
];

/** @param cells depth, rank and runs of every network of the study */
export function drawGaps(cells, { depths, ranks }) {
  const mean = (values) => values.reduce((sum, x) => sum + x, 0) / values.length;
  const gaps = cells.flatMap(({ runs }) => shown.flatMap(([name]) => runs.map((run) => run.gaps[name])));
  const top = Math.ceil(Math.max(...gaps));
  const body = depths.map((depth, panel) => {
    const own = cells.filter((cell) => cell.depth === depth);
    const axes = frame({
      left: 70 + panel * 250,
      top: 50,
      width: 200,
      height: 330,
      logX: true,
      logY: true,
      xRange: [1.6, 80],
      yRange: [1e-3, 10 ** top],
      xTicks: ranks.map((rank) => [rank, rank === ranks.at(-1) ? 'full' : rank]),
      yTicks: sup(Array.from({ length: Math.ceil((top + 3) / 2) }, (_, i) => [10 ** (2 * i - 3), `1e${2 * i - 3}`])),
      xLabel: 'rank of layers',
      yLabel: panel === 0 ? 'gap between test and training error' : '',
      title: `${depth} layers`,
    });
    const curve = (value) => own.map((cell) => [cell.rank, mean(cell.runs.map(value))]);
    const measured = curve((run) => Math.max(1e-3, run.testError - run.trainError));
    return [
      axes.svg,
      line(
        axes,
        [
          [1.6, 1],
          [80, 1],
        ],
        ink,
        'stroke-width="1"',
      ),
      text(axes.x(78), axes.y(1) + 14, 'vacuous above this line', '#666', 'end'),
      ...shown.map(([name, colour, dash]) =>
        line(
          axes,
          curve((run) => 10 ** run.gaps[name]),
          colour,
          dash,
        ),
      ),
      line(axes, measured, ink, 'stroke-dasharray="1 3"'),
      dots(axes, measured, ink),
    ].join('\n');
  });
  const legend = [...shown, ['measured', ink, 'stroke-dasharray="1 3"']].map(([name, colour, dash], i) => {
    const [x, y] = [70 + (i % 4) * 190, 446 + Math.floor(i / 4) * 20];
    return `<path d="M${x} ${y}h24" stroke="${colour}" stroke-width="2" ${dash}/>${text(x + 30, y + 4, name)}`;
  });
  write(
    'low-rank-bounds.svg',
    'Bounds of networks with low-rank layers',
    'Generalisation gaps by six bounds and measured, against the rank of layers, for networks of two, four and eight layers',
    830,
    486,
    [...body, ...legend].join('\n'),
  );
}
