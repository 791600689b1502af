'use client';
import { useEffect } from 'react';
import { tell } from '../../page.js';
import { solve } from '../../solve.js';

export default function Page() {
  useEffect(() => {
    tell(solve({ workers: 2 }));
  }, []);
  return <p>computing</p>;
}
