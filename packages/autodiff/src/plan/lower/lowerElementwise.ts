import { Activation, type BinaryName, type UnaryName } from '@hyperribbon/kernels';
import { broadcastPattern } from './broadcastGroups.js';
import type { Emitter } from './emitter.js';
import { elementBytes, type Place } from '../instruction.js';
import type { ElementType } from '../../program.js';
import { sizeOf } from '../../specs.js';
import { lowerAdd, lowerSubtract } from './lowerAdd.js';
import { scaleNode } from './lowerScale.js';
import { materialize } from './materialize.js';
import { type Node, openGemm } from './node.js';
import { flatNode, nodeFor, passing, type Target } from './target.js';

/** f(x), in the epilogue of a matrix product where that is possible. */
export function lowerUnary(e: Emitter, name: UnaryName, x: Node, target: Target): Node {
  if (name === 'neg') return scaleNode(x, -1, target);
  const { form } = x;
  const open = openGemm(x);
  if (open !== undefined && (name === 'tanh' || name === 'relu' || name === 'sigmoid'))
    return nodeFor(target, { kind: 'gemm', pending: { ...open, activation: Activation[name] } });
  if (form.kind === 'broadcast') return overSource(target, form.axes, lowerUnary(e, name, form.source, partOf(form)));
  if (form.kind === 'constant')
    return overSource(target, [], lowerUnary(e, name, scalar(e, x), partOf({ source: constantLike(x, []) })));
  return flatNode(e, `unary.${name}`, [materialize(e, x)], target);
}

/** f(x, y), with factors, broadcasts and matrix products folded in. */
export function lowerBinary(e: Emitter, name: BinaryName, x: Node, y: Node, target: Target): Node {
  if (x.form.kind === 'constant' || y.form.kind === 'constant') return withConstant(e, name, x, y, target);
  if (name === 'add' || name === 'sub') {
    const folded = (name === 'add' ? lowerAdd : lowerSubtract)(e, x, y, target);
    if (folded !== undefined) return folded;
  }
  if (x.form.kind === 'broadcast' && y.form.kind === 'broadcast' && sameBroadcast(x, y)) {
    const { source, axes } = x.form;
    return overSource(target, axes, lowerBinary(e, name, source, y.form.source, partOf(x.form)));
  }
  if (name === 'mul' || name === 'div') {
    if (isNegated(x)) return outsideNegation(e, name, x.form.source, y, target);
    if (isNegated(y)) return outsideNegation(e, name, x, y.form.source, target);
  }
  const plain = x.form.kind !== 'broadcast' && y.form.kind !== 'broadcast';
  const absorbing = target.consumers[0] === 'add' || target.consumers[0] === 'reduceSum';
  if (name === 'mul' && plain && target.exclusive && absorbing) return nodeFor(target, { kind: 'product', x, y });
  const n = sizeOf(target.shape);
  if (y.form.kind !== 'broadcast' && x.form.kind === 'broadcast' && commutes(name)) {
    return lowerBinary(e, name, y, x, target);
  }
  if (name === 'sub' && y.form.kind !== 'broadcast' && x.form.kind === 'broadcast') {
    const negated = materialize(e, scaleNode(y, -1, passing(y.shape, y.dtype)));
    return lowerBinary(e, 'add', nodeFor(passing(y.shape, y.dtype), { kind: 'stored', place: negated }), x, target);
  }
  const px = materialize(e, x);
  const out = e.temporary(n, target.dtype);
  if (!foldBroadcast(e, name, px, y, out)) e.flat(`binary.${name}`, target.dtype, [n, px, materialize(e, y), out]);
  return nodeFor(target, { kind: 'stored', place: out });
}

/** condition ≠ 0 ? x : y */
export function lowerSelect(e: Emitter, condition: Node, x: Node, y: Node, target: Target): Node {
  const places = [x, y].map((node) => materialize(e, node));
  return flatNode(e, 'select', [conditionAs(e, condition, target.dtype), ...places], target);
}

/** A condition as numbers of another type that are 0 where it is. */
function conditionAs(e: Emitter, condition: Node, dtype: ElementType): Place {
  const { dtype: from } = condition;
  let place = materialize(e, condition);
  if (from === dtype) return place;
  const n = sizeOf(condition.shape);
  if (from !== 'int32') {
    // small numbers would become 0, and NaN an integer 0
    const [one, zero] = [1, 0].map((value) => e.fresh('fill', from, n, value)) as [Place, Place];
    place = e.fresh('select', from, n, place, one, zero);
  }
  const out = e.temporary(n, dtype);
  e.call(`convert.${dtype}`, from, [n, place, out]);
  return out;
}

function withConstant(e: Emitter, name: BinaryName, x: Node, y: Node, target: Target): Node {
  const [cx, cy] = [x.form, y.form];
  if (cx.kind === 'constant' && cy.kind === 'constant') {
    const small = lowerBinary(e, name, scalar(e, x), constantLike(y, []), partOf({ source: constantLike(x, []) }));
    return overSource(target, [], small);
  }
  if (cx.kind === 'broadcast' || cy.kind === 'broadcast') {
    const { source, axes } = cx.kind === 'broadcast' ? cx : (cy as typeof cx & { kind: 'broadcast' });
    const operands = [x, y].map((node) => (node.form.kind === 'constant' ? constantLike(node, source.shape) : source));
    const small = lowerBinary(e, name, operands[0]!, operands[1]!, partOf({ source }));
    return overSource(target, axes, small);
  }
  // the values as they were: to compute one operand may store the other, which is a promise no more then
  if (cx.kind === 'constant')
    return name === 'mul'
      ? scaleNode(y, cx.value, target)
      : flatNode(e, `scalarBinary.${name}`, [cx.value, materialize(e, y)], target);
  const { value } = cy as Constant;
  return name === 'mul'
    ? scaleNode(x, value, target)
    : flatNode(e, `binaryScalar.${name}`, [materialize(e, x), value], target);
}

/** out ← f(x, y) with y repeated by the kernel; false if no kernel repeats it that way. */
function foldBroadcast(e: Emitter, name: BinaryName, x: Place, y: Node, out: Place): boolean {
  if (y.form.kind !== 'broadcast') return false;
  const { source, axes } = y.form;
  const pattern = broadcastPattern(y.shape, source.shape, axes);
  if (pattern.kind === 'general') return false;
  const { dtype } = y;
  const n = sizeOf(y.shape);
  const place = materialize(e, source);
  if (pattern.kind === 'same') e.flat(`binary.${name}`, dtype, [n, x, place, out]);
  else if (pattern.kind === 'scalar') e.binaryPlaceScalar(name, dtype, n, x, place, out);
  else {
    const { kind, batch: count, m, n: width } = pattern;
    const row = kind === 'row';
    const kernel = row ? (`binaryRow.${name}` as const) : (`binaryColumn.${name}` as const);
    const args = [m, width, x, place, out];
    const bytes = width * elementBytes(dtype);
    const strides = [0, 0, m * bytes, row ? bytes : 0, m * bytes];
    if (count === 1) e.rows(kernel, dtype, args, row ? [3] : []);
    else e.call(kernel, dtype, args, { flops: n, repeat: { count, strides } });
  }
  return true;
}

type Broadcast = Extract<Node['form'], { kind: 'broadcast' }>;
type Scaled = Extract<Node['form'], { kind: 'scaled' }>;
type Constant = Extract<Node['form'], { kind: 'constant' }>;

function overSource(target: Target, axes: readonly number[], source: Node): Node {
  return nodeFor(target, { kind: 'broadcast', source, axes });
}

function partOf(form: Pick<Broadcast, 'source'>): Target {
  return { ...passing(form.source.shape, form.source.dtype), exclusive: false };
}

function constantLike({ form, dtype }: Node, shape: readonly number[]): Node {
  return nodeFor(passing(shape, dtype), form as Constant);
}

/** A constant as one number in memory. */
function scalar(e: Emitter, node: Node): Node {
  return nodeFor(passing([], node.dtype), { kind: 'stored', place: materialize(e, constantLike(node, [])) });
}

function isNegated(x: Node): x is Node & { form: Scaled } {
  return x.form.kind === 'scaled' && x.form.alpha === -1;
}

/** (−x) y = −(x y): the sign moves outwards, to where a sum or a matrix product absorbs it. */
function outsideNegation(e: Emitter, name: BinaryName, x: Node, y: Node, target: Target): Node {
  const inner = lowerBinary(e, name, x, y, { ...target, exclusive: false });
  return scaleNode(inner, -1, target);
}

function sameBroadcast(x: Node, y: Node): boolean {
  if (x.form.kind !== 'broadcast' || y.form.kind !== 'broadcast') return false;
  const key = (form: Broadcast): string => JSON.stringify([form.source.shape, form.axes]);
  return key(x.form) === key(y.form);
}

function commutes(name: BinaryName): boolean {
  return name === 'add' || name === 'mul' || name === 'max' || name === 'min';
}
