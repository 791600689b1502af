// Faults in planes of the loss. Same form as solverFaults.mjs.
const source = (name) => `packages/landscape/src/plane/${name}.ts`;
const test = (name) => `packages/landscape/test/plane/${name}.test.ts`;

export const planeFaults = [
  {
    name: 'plane: filters of a dense layer are rows of (inputs, outputs)',
    file: source('filterNormalised'),
    find: '* outputs + (k % outputs);',
    replace: '* outputs + (Math.floor(k / inputs) % outputs);',
    tests: [test('planeAxes.closedForm')],
  },
  {
    name: 'plane: squares of tiny weights vanish before their root is taken',
    file: source('filterNormalised'),
    find: 'const share = largest[of[i]] === 0 ? 0 : x[i] / largest[of[i]];',
    replace: 'const share = x[i]; largest[of[i]] = 1;',
    tests: [test('planeAxes.closedForm')],
  },
  {
    name: 'plane: coordinates of a run are projections on axes that are not orthogonal',
    file: source('footpoints'),
    find: 'const x = (a * bb - b * ab) / determinant;',
    replace: 'const x = a / aa;',
    tests: [test('planeAxes.closedForm')],
  },
  {
    name: 'plane: the layer that reads the examples stays at the centre along the second axis',
    file: source('planeEvaluator'),
    find: 'mul(at[1], own[2])',
    replace: 'mul(at[0], own[2])',
    tests: [test('lossPlane.identity')],
  },
  {
    name: 'plane: the weights of examples are left out of the sum',
    file: source('planeEvaluator'),
    find: '(examples.weights?.[from + i] ?? 1) * losses[i]',
    replace: 'losses[i]',
    tests: [test('lossPlane.identity')],
  },
  {
    name: 'plane: axes of both ends are the two largest eigenvalues',
    file: source('planPlane'),
    find: "axes === 'hessian' ? 'LA' : 'BE'",
    replace: "'LA'",
    tests: [test('planeAxes.closedForm')],
  },
  {
    name: 'plane: an overflow is shown as no number',
    file: source('planeEvaluator'),
    find: 'Number.isFinite(sum) ? sum / total : Infinity',
    replace: 'sum / total',
    tests: [test('planeAxes.closedForm')],
  },
];
