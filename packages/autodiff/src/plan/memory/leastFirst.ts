interface Entry {
  readonly item: number;
  readonly key: readonly number[];
}

/** Numbers in the order of their keys, which are compared entry by entry; the smallest is taken first (a binary heap). */
export class LeastFirst {
  readonly #heap: Entry[] = [];

  /** What take would give; undefined where there is nothing. */
  get least(): number | undefined {
    return this.#heap[0]?.item;
  }

  add(item: number, ...key: readonly number[]): void {
    const heap = this.#heap;
    let at = heap.length;
    for (let up = (at - 1) >> 1; at > 0 && less(key, heap[up]!.key); up = (at - 1) >> 1) {
      heap[at] = heap[up]!;
      at = up;
    }
    heap[at] = { item, key };
  }

  take(): number | undefined {
    const heap = this.#heap;
    const { least } = this;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return least;
    let at = 0;
    for (let down = 1; down < heap.length; down = 2 * at + 1) {
      if (down + 1 < heap.length && less(heap[down + 1]!.key, heap[down]!.key)) down++;
      if (!less(heap[down]!.key, last.key)) break;
      heap[at] = heap[down]!;
      at = down;
    }
    heap[at] = last;
    return least;
  }
}

function less(a: readonly number[], b: readonly number[]): boolean {
  const i = a.findIndex((x, at) => x !== b[at]);
  return i >= 0 && a[i]! < b[i]!;
}
