import { solve } from '../../../solve.js';

export const runtime = 'edge';

export async function GET() {
  return new Response(await solve());
}
