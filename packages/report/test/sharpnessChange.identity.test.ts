// Oracle: the ratios themselves, and a page with the section and without.
import { describe, expect, it } from 'vitest';
import { changeText } from '../src/sections/jacobian/words.js';
import { renderStudy } from '../src/index.js';
import { studyOf } from './fixtures/cases.js';
import { sampleLandscape } from './fixtures/landscape.js';

const names = ['tangent', 'curvature', 'residual'] as const;
type Ratios = Partial<Record<(typeof names)[number] | 'jacobian', number>>;

function text(ratios: Ratios, converged = true): string {
  const all = { tangent: 1, curvature: 1, residual: 1, jacobian: 1, ...ratios };
  const far = (name: (typeof names)[number]) => Math.abs(Math.log(all[name]));
  const most = names.reduce((best, name) => (far(name) > far(best) ? name : best));
  const after = 5 * all.tangent * all.curvature * all.residual;
  return changeText({ from: 200, to: 900, before: 5, after, ...all, converged, ...(far(most) > 0 && { most }) });
}

describe('the change of sharpness', () => {
  it('has both moments, the product and its factors', () => {
    const found = text({ tangent: 2, curvature: 0.03, jacobian: 2.5 });
    expect(found).toContain('From step 200 to step 900 the sharpness went from 5 to 0.300, × 0.0600.');
    expect(found).toContain('Jacobians act, × 2; that of the curvature of the losses by the outputs × 0.0300;');
    expect(found).toContain('what the residual of the Hessian makes of them × 1.');
    expect(found).toContain('The mean norm of the Jacobian is × 2.50 meanwhile.');
  });

  it('names the factor that moved most, whether sharpness follows it, and whether that is against the Jacobian', () => {
    const collapse = 'The curvature of the losses fell most, and the sharpness with it';
    expect(text({ tangent: 2, curvature: 0.03, jacobian: 2.5 })).toContain(`${collapse}, against the Jacobian.`);
    expect(text({ curvature: 0.5, jacobian: 0.5 })).toContain(`${collapse}.`);
    expect(text({ tangent: 1.7, jacobian: 1.8 })).toContain('The tangent kernel rose most, and the sharpness with it.');
    expect(text({ tangent: 2, curvature: 0.6, residual: 0.83 })).toContain('rose most, and the others took it back.');
    expect(text({ tangent: 2, curvature: 0.6, residual: 0.6 })).toContain('rose most, and the others outweigh it.');
    expect(text({ residual: 1.5 })).toContain('The part of the residual rose most, and the sharpness with it.');
  });

  it('says that nothing moved, and that ratios are rough', () => {
    for (const still of [text({}), text({ residual: 0.98 })])
      expect(still).toContain('None of them moved by more than 5 %.');
    expect(text({ tangent: 2 }, false)).toContain('the ratios are rough');
    expect(text({ tangent: 2 })).not.toContain('rough');
  });

  it('stands on the page where it was measured', () => {
    const { jacobian } = sampleLandscape();
    const { change: _change, ...without } = jacobian;
    expect(renderStudy(studyOf({ jacobian }))).toContain('It is the product of three factors');
    expect(renderStudy(studyOf({ jacobian: without }))).not.toContain('product of three factors');
  });
});
