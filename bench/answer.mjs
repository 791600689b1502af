// The contestant's side of contest.mjs: says hello, then answers lines.
import { createInterface } from 'node:readline';

export const runtime = `node ${process.version}, v8 ${process.versions.v8}`;

export const peer = (path) => import(new URL(`./peers/node_modules/${path}`, import.meta.url).href);
export const peerVersion = async (path) =>
  (await import(new URL(`./peers/node_modules/${path}/package.json`, import.meta.url).href, { with: { type: 'json' } }))
    .default.version;

/** @param reply line → answer, or a promise of it */
export async function answerLines(hello, reply) {
  console.log(JSON.stringify(hello));
  for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(await reply(line)));
}
