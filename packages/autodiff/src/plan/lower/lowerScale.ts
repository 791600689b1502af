import { type Form, type Node, openGemm } from './node.js';
import { nodeFor, type Target } from './target.js';

/**
 * alpha x as a promise that additions absorb. Only the sign moves further, into products and over sums: any other factor
 * could leave the range there, or keep a sum in it that leaves it.
 */
export function scaleNode(x: Node, alpha: number, target: Target): Node {
  return nodeFor(target, scaleForm(x, alpha, target));
}

function scaleForm(x: Node, alpha: number, target: Target): Form {
  const { form } = x;
  if (form.kind === 'constant') return { kind: 'constant', value: alpha * form.value };
  if (form.kind === 'scaled' && (alpha === -1 || form.alpha === -1))
    return { kind: 'scaled', source: form.source, alpha: alpha * form.alpha };
  // nothing but products so far: the sign goes into their alphas
  const open = alpha === -1 ? openGemm(x) : undefined;
  if (open !== undefined && open.base === undefined && open.bias === undefined) {
    const terms = open.terms.map((term) => ({ ...term, alpha: alpha * term.alpha }));
    return { kind: 'gemm', pending: { ...open, terms } };
  }
  if (form.kind === 'broadcast') {
    const { source, axes } = form;
    const part = { ...target, shape: source.shape, exclusive: false };
    return { kind: 'broadcast', source: scaleNode({ ...source, exclusive: false }, alpha, part), axes };
  }
  if (form.kind === 'pieces' && x.exclusive) {
    const parts = form.parts.map(({ offset, node }) => ({
      offset,
      node: scaleNode(node, alpha, { ...target, shape: node.shape, exclusive: node.exclusive }),
    }));
    return { kind: 'pieces', parts };
  }
  return { kind: 'scaled', source: x, alpha };
}
