import { ArgumentTypeError, describe } from '@hyperribbon/contract';

/** A leaf, or an array or plain object of trees: how arguments and results of functions may be nested. */
export type Tree<Leaf> = Leaf | readonly Tree<Leaf>[] | { readonly [name: string]: Tree<Leaf> };

/** The nesting of a tree without its leaves. */
export type Structure =
  | null // a leaf
  | { readonly kind: 'array'; readonly children: readonly Structure[] }
  | { readonly kind: 'object'; readonly keys: readonly string[]; readonly children: readonly Structure[] };

/**
 * Leaves in order (arrays by index, objects in the order of their keys) and the structure to put them back.
 * @example flatten('f', { a: 1, b: [2, 3] }, (x) => typeof x === 'number').leaves; // [1, 2, 3]
 */
export function flatten<Leaf>(
  name: string,
  tree: Tree<Leaf>,
  isLeaf: (x: unknown) => x is Leaf,
): { leaves: Leaf[]; structure: Structure } {
  const leaves: Leaf[] = [];
  const visit = (node: Tree<Leaf>): Structure => {
    if (isLeaf(node)) {
      leaves.push(node);
      return null;
    }
    if (Array.isArray(node)) return { kind: 'array', children: node.map(visit) };
    if (!isPlainObject(node))
      throw new ArgumentTypeError(`${name}: expected a tensor or a tree of tensors, got ${describe(node)}`);
    const keys = Object.keys(node);
    return { kind: 'object', keys, children: keys.map((key) => visit(node[key])) };
  };
  return { structure: visit(tree), leaves };
}

/**
 * Leaves of a tree that must be nested like `structure`; objects may list their keys in another order.
 * @throws ArgumentTypeError naming the place where it is not
 * @example flattenLike('f', { kind: 'array', children: [null, null] }, [1, 2], (x) => typeof x === 'number'); // [1, 2]
 */
export function flattenLike<Leaf>(
  name: string,
  structure: Structure,
  tree: Tree<Leaf>,
  isLeaf: (x: unknown) => x is Leaf,
): Leaf[] {
  const leaves: Leaf[] = [];
  const visit = (like: Structure, node: unknown, path: string): void => {
    const where = path === '' ? '' : ` at ${path}`;
    if (like === null) {
      if (!isLeaf(node)) throw new ArgumentTypeError(`${name}: expected a leaf${where}, got ${describe(node)}`);
      leaves.push(node);
    } else if (like.kind === 'array') {
      if (!Array.isArray(node) || node.length !== like.children.length)
        throw new ArgumentTypeError(
          `${name}: expected an array of ${like.children.length}${where}, got ${describe(node)}`,
        );
      like.children.forEach((child, i) => visit(child, node[i], `${path}[${i}]`));
    } else {
      if (!isPlainObject(node) || Object.keys(node).length !== like.keys.length)
        throw new ArgumentTypeError(
          `${name}: expected an object with keys ${like.keys.join(', ')}${where}, got ${describe(node)}`,
        );
      like.children.forEach((child, i) => visit(child, node[like.keys[i]], `${path}.${like.keys[i]}`));
    }
  };
  visit(structure, tree, '');
  return leaves;
}

/** The tree of this structure with these leaves. @example unflatten({ kind: 'array', children: [null, null] }, [1, 2]); // [1, 2] */
export function unflatten<Leaf>(structure: Structure, leaves: readonly Leaf[]): Tree<Leaf> {
  let next = 0;
  const build = (like: Structure): Tree<Leaf> => {
    if (like === null) return leaves[next++];
    const children = like.children.map(build);
    if (like.kind === 'array') return children;
    return Object.fromEntries(like.keys.map((key, i) => [key, children[i]]));
  };
  return build(structure);
}

function isPlainObject(x: unknown): x is Record<string, never> {
  // by tag: an object of another realm is one too, a promise or a map is not
  return Object.prototype.toString.call(x) === '[object Object]';
}
