import { solve } from '../../../solve.js';

export const dynamic = 'force-dynamic';

export async function GET() {
  return new Response(await solve({ workers: 2 }));
}
