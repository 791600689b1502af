import { lstatSync, readlinkSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Where a path leads: to a file of a disk (there or to come), an open stream of this process, or a device, pipe or socket. */
export type Place =
  | { readonly kind: 'file'; readonly path: string; readonly mode?: number }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'stream'; readonly descriptor: number }
  | { readonly kind: 'device'; readonly path: string };

/** The stream that a path of the system names: opening it anew would fail for sockets and truncate files. */
const descriptors = /^\/(?:dev|proc\/self)\/fd\/(\d+)$/;
const streams: Readonly<Record<string, number>> = { '/dev/stdin': 0, '/dev/stdout': 1, '/dev/stderr': 2 };

/** More links in a row than any system follows. */
const mostLinks = 40;

/** Follows links, so that what a link points to is written and the link stays. `-` is standard output. @throws Error for links in a circle */
export function placeOf(given: string): Place {
  if (given === '-') return { kind: 'stream', descriptor: 1 };
  let path = resolve(given);
  for (let i = 0; i < mostLinks; i++) {
    const descriptor = streams[path] ?? descriptors.exec(path)?.[1];
    if (descriptor !== undefined) return { kind: 'stream', descriptor: Number(descriptor) };
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) return { kind: 'file', path };
    if (found.isDirectory()) return { kind: 'folder', path };
    if (found.isFile()) return { kind: 'file', path, mode: found.mode };
    if (!found.isSymbolicLink()) return { kind: 'device', path };
    path = resolve(dirname(path), readlinkSync(path));
  }
  throw new Error('its links lead in a circle');
}
