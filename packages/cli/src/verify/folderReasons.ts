import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { digestOf } from '../runs/runFolder.js';
import { readRecord } from '../runs/runRecord.js';

/** What speaks against a certificate in the folder where it lies: files beside it that are not of its run, as the folder's record tells. */
export function folderReasons(certificate: string): readonly string[] {
  const folder = dirname(certificate);
  const record = readRecord(folder, 'verify');
  // a certificate of another name was put there by somebody
  if (record?.files[basename(certificate)] === undefined) return [];
  const unfinished =
    record.status === 'writing' ? ['the run was stopped while its results were written: they are of two moments'] : [];
  const wrong = Object.entries(record.files).flatMap(([name, digest]) => {
    const file = join(folder, basename(name));
    if (!existsSync(file)) return [`${name}, which the run wrote, is not there`];
    return digestOf(readFileSync(file)) === digest ? [] : [`${name} is not the one that the run of this folder wrote`];
  });
  return [...unfinished, ...wrong];
}

/** The certificate that a person means by a folder. */
export function certificateIn(given: string): string {
  const inside = join(given, 'certificate.json');
  return statSync(given, { throwIfNoEntry: false })?.isDirectory() === true && existsSync(inside) ? inside : given;
}
