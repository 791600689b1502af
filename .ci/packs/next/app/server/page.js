import { solve } from '../../solve.js';

export const dynamic = 'force-dynamic';

export default async function Page() {
  return <p>{await solve({ workers: 2 })}</p>;
}
