import * as packages from '../src/index.js';

/** Names of functions of the packages, which say nothing to somebody who typed a command. */
const functions = new Set(
  Object.values(packages).flatMap((members) =>
    Object.entries(members)
      .filter(([, member]) => typeof member === 'function')
      .map(([name]) => name),
  ),
);

/** Those in a message: any of several words, and any that a sentence begins with. */
export function innerNames(stderr: string): readonly string[] {
  const words = stderr.match(/(?<![\w/.-])[a-z]+[A-Z]\w*(?![\w/.-])/g) ?? [];
  const first = /hyperribbon: (\w+): /.exec(stderr)?.[1];
  return [
    ...words.filter((word) => functions.has(word)),
    ...(first !== undefined && functions.has(first) ? [first] : []),
  ];
}
