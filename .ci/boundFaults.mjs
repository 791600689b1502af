// Traps that codes behind published bounds fell into (T1 to T18), planted in ours: in what computes a bound, and in what verifies a
// certificate. Same form as solverFaults.mjs.
const source = (name) => `packages/pac-bayes/src/${name}.ts`;
const pacBayes = (name) => `packages/pac-bayes/test/${name}.test.ts`;
const verification = pacBayes('certificate/faults.identity');

export const boundFaults = [
  {
    name: 'T1 delta multiplied where it must divide',
    file: source('complexity'),
    find: 'addDD(logConstant(theorem, n), negateDD(logDD([delta, 0])))',
    replace: 'addDD(logConstant(theorem, n), logDD([delta, 0]))',
    tests: [pacBayes('unitValues.closedForm')],
  },
  {
    name: 'T1 in the verification: a penalty may be too small by 2 ln(1/delta)',
    file: source('certificate/checkArithmetic'),
    find: 'const wrongPenalty = compare(theorem.penalty, penalty);',
    replace: 'const wrongPenalty = compare(theorem.penalty, penalty, 1, 1);',
    tests: [verification],
  },
  {
    name: 'T2 the mean of the draws as if it were exact: analytic bound',
    file: source('analyticBound'),
    find: 'corrected: klInverseUpper(monteCarlo.upper, rate)',
    replace: 'corrected: klInverseUpper(monteCarlo.mean, rate)',
    tests: [pacBayes('accounting.identity')],
  },
  {
    name: 'T2 the mean of the draws as if it were exact: bounds of networks',
    file: source('networks/certifyPosterior'),
    find: 'const ingredients = { ...shared, empirical: monteCarlo };',
    replace: 'const ingredients = { ...shared, empirical: monteCarlo.mean };',
    tests: [pacBayes('networks/certify.identity')],
  },
  {
    name: 'T2 draws of whole networks counted example by example',
    file: source('certificate/drawAccount'),
    find: "const count = scheme === 'per-example' ? n : groups;",
    replace: "const count = scheme === 'per-group' ? groups : n;",
    tests: [pacBayes('certificate/issue.identity')],
  },
  {
    name: 'T2 in the verification: units are what the record says',
    file: source('certificate/checkDraws'),
    find: 'if (units !== passes * own)',
    replace: 'if (units < passes * own)',
    tests: [verification],
  },
  {
    name: 'T3 a scale that is not rounded to its grid',
    file: source('networks/chooseScales'),
    find: 'const variances = indices.map((j, k) => varianceAt(k, j));',
    replace: 'const variances = near.map((variance, k) => (indices[k] === 0 ? scales[k].start : variance));',
    tests: [pacBayes('networks/certify.identity')],
  },
  {
    name: 'T3 the price of a grid without its index',
    file: source('penalties'),
    find: 'nats: roundUp(2 * indices.length * log(sum) + LN_BASEL),',
    replace: 'nats: roundUp(2 * indices.length * log(indices.length) + LN_BASEL),',
    tests: [pacBayes('unitValues.closedForm')],
  },
  {
    name: 'T3 in the verification: any scale is a member of its grid',
    file: source('certificate/checkDivergence'),
    find: 'const off = compare(value, exact, 1e-12, 1e-12);',
    replace: 'const off = compare(value, exact, 1, 1);',
    tests: [verification],
  },
  {
    name: 'T10 a basis that is not orthonormal is accepted',
    file: source('rotatedGaussianKl'),
    find: 'if (!(eta <= LIMIT))',
    replace: 'if (eta < 0)',
    tests: [pacBayes('rotatedGaussianKl.dense')],
  },
  {
    name: 'T10 what directions not quite orthonormal may cost is left out',
    file: source('subspaceGaussianKl'),
    find: 'const slack = tau * Math.sqrt(slopes);',
    replace: 'const slack = 0 * tau * slopes;',
    tests: [pacBayes('subspaceGaussianKl.dense')],
  },
  {
    name: 'T10 in the verification: nobody asks whether a basis was measured',
    file: source('certificate/checkDivergence'),
    find: 'if (rotated && !(orthonormality !== undefined',
    replace: 'if (rotated && orthonormality !== undefined && !(orthonormality !== undefined',
    tests: [verification],
  },
  {
    name: 'T15 posterior variances that grow with the eigenvalue',
    file: source('analyticPosterior'),
    find: 'const direction = precision + factor * lambda;',
    replace: 'const direction = (precision * precision) / (precision + factor * lambda);',
    tests: [pacBayes('unitValues.closedForm')],
  },
  {
    name: 'T15 draws that widen where the posterior narrows',
    file: source('networks/subspaceErrors'),
    find: 'const shrink = 1 - std[i] / std[k];',
    replace: 'const shrink = 1 - std[k] / std[i];',
    tests: [pacBayes('networks/subspaceErrors.identity')],
  },
  {
    name: 'T18 n counts the examples that trained the prior',
    file: source('certificate/issueCertificate'),
    find: '      n: bound.count,\n',
    replace: '      n: data.splits.reduce((sum, split) => sum + split.count, 0),\n',
    tests: [pacBayes('certificate/issue.identity')],
  },
  {
    name: 'T18 a prior that saw the examples of the bound is accepted',
    file: source('certificate/issueCertificate'),
    find: 'if (shared > 0) throw new PriorOverlapError',
    replace: 'if (shared > bound.count) throw new PriorOverlapError',
    tests: [pacBayes('certificate/issue.identity')],
  },
  {
    name: 'T18 in the verification: n may be larger than the bound split',
    file: source('certificate/checkRecord'),
    find: 'split.count !== theorem.n',
    replace: 'split.count > theorem.n',
    tests: [verification],
  },
];
