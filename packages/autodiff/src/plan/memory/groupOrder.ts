/** A node of an acyclic graph whose nodes are joined one by one; ranks of nodes that must precede others are lower. */
export interface Ordered<Node> {
  rank: number;
  readonly before: Set<Node>;
  readonly after: Set<Node>;
}

/** Edges that one search looks at: with a few searches per instruction, planning stays linear in the program. */
const longestSearch = 1000;

/** What must move when two nodes become one: those between their ranks that precede the second, and that follow the first. */
export interface Joint<Node> {
  readonly first: Node;
  readonly early: ReadonlySet<Node>;
  readonly late: ReadonlySet<Node>;
}

/** How a and b can become one node; undefined if a third one lies on a way between them, or if that takes long to find out. */
export function jointOf<Node extends Ordered<Node>>(a: Node, b: Node): Joint<Node> | undefined {
  const [first, last] = a.rank < b.rank ? [a, b] : [b, a];
  const early = reached(last, first, 'before', ({ rank }) => rank > first.rank);
  if (early === undefined || early.size === 0) return early && { first, early, late: early };
  const late = reached(first, last, 'after', ({ rank }) => rank < last.rank);
  return late && { first, early, late };
}

/** The nodes of the range that can be reached; undefined if `end` can be, other than by one edge. */
function reached<Node extends Ordered<Node>>(
  start: Node,
  end: Node,
  direction: 'before' | 'after',
  inRange: (node: Node) => boolean,
): Set<Node> | undefined {
  const found = new Set<Node>();
  const open = [start];
  let left = longestSearch;
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const next of node[direction]) {
      if (--left < 0 || (next === end && node !== start)) return undefined;
      if (next === end || found.has(next) || !inRange(next)) continue;
      found.add(next);
      open.push(next);
    }
  }
  return found;
}

/** `kept` takes over the edges of `other`; those that must precede or follow both move to their side [pearce2007]. */
export function mergeNodes<Node extends Ordered<Node>>(kept: Node, other: Node, joint: Joint<Node>): void {
  for (const [forth, back] of [
    ['before', 'after'],
    ['after', 'before'],
  ] as const) {
    for (const node of other[forth]) {
      node[back].delete(other);
      if (node === kept) continue;
      node[back].add(kept);
      kept[forth].add(node);
    }
  }
  const byRank = (nodes: ReadonlySet<Node>): Node[] => [...nodes].sort((x, y) => x.rank - y.rank);
  const [early, late] = [byRank(joint.early), byRank(joint.late)];
  const ranks = [...early, joint.first, ...late].map(({ rank }) => rank).sort((x, y) => x - y);
  [...early, kept, ...late].forEach((node, i) => (node.rank = ranks[i]!));
}
