// Faults in hyperribbon landscape and in its sections of reports. Same form as solverFaults.mjs.
export const commandFaults = [
  {
    name: 'lines of equal loss are joined the wrong way at saddles',
    file: 'packages/report/src/sections/lossPlane/contours.ts',
    find: 'const joined = sum >= level === (code === 5);',
    replace: 'const joined = sum >= level !== (code === 5);',
    tests: ['packages/report/test/contours.closedForm.test.ts'],
  },
  {
    name: 'whiskers of batch sharpness are one standard error',
    file: 'packages/report/src/sections/edge/figure.ts',
    find: '[[step, held(mean - 2 * standardError), held(mean + 2 * standardError)]]',
    replace: '[[step, held(mean - standardError), held(mean + standardError)]]',
    tests: ['packages/report/test/landscape.identity.test.ts'],
  },
  {
    name: 'a threshold that moves is drawn where it started',
    file: 'packages/report/src/sections/edge/compared.ts',
    find: '{ threshold = value }: EdgeMomentRow): number {\n  return threshold;',
    replace: '{ threshold = value }: EdgeMomentRow): number {\n  return Math.min(value, threshold);',
    tests: ['packages/report/test/landscape.identity.test.ts'],
  },
  {
    name: 'ranks of equal values are not shared',
    file: 'packages/cli/src/landscape/correlation.ts',
    find: 'found[order[k]] = (from + 1 + to) / 2;',
    replace: 'found[order[k]] = k + 1;',
    tests: ['packages/cli/test/landscape/correlation.closedForm.test.ts'],
  },
  {
    name: 'what a stopped descent kept of its weights is forgotten',
    file: 'packages/cli/src/jobs/landscape/watchDescent.ts',
    find: 'records: [...(resume?.records ?? [])]',
    replace: 'records: []',
    tests: ['packages/cli/test/landscape/descentFile.identity.test.ts'],
  },
  {
    name: 'blocks of averaged images are read column by column',
    file: 'packages/cli/src/landscape/averagedImages.ts',
    find: 'const block = Math.floor(y / rows) * side + Math.floor(x / columns);',
    replace: 'const block = Math.floor(x / columns) * side + Math.floor(y / rows);',
    tests: ['packages/cli/test/landscape/averagedImages.closedForm.test.ts'],
  },
];
