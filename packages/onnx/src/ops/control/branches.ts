import { type Call, type Operator } from '../../values/call.js';
import { type Value } from '../../values/value.js';
import { stacked } from './stacked.js';

/** most rounds of a loop that are written out one after the other */
const MOST_ROUNDS = 4096;

/** The branch that a known condition chooses */
export const If: Operator = (call) => {
  const chosen = call.number(0, 'the condition') === 0 ? 'else_branch' : 'then_branch';
  return call.run(call.graph(chosen), []);
};

/** A loop of a known number of rounds is written out: its rounds one after the other */
export const Loop: Operator = (call) => {
  const rounds = call.has(0) ? call.number(0, 'the number of rounds') : Infinity;
  const body = call.graph('body');
  let condition: Value = call.inputs[1] ?? truth(1);
  let carried: readonly Value[] = call.inputs
    .slice(2)
    .map((value) => value ?? call.refuse('a carried value is missing'));
  const scanned: Value[][] = [];
  for (let round = 0; round < rounds && holds(call, condition); round++) {
    if (round >= MOST_ROUNDS) call.refuse(`has more than ${MOST_ROUNDS} rounds, which are too many to write out`);
    const count: Value = { kind: 'known', type: 'int64', shape: [], data: Float64Array.of(round) };
    const outputs = call.run(body, [count, condition, ...carried]);
    condition = outputs[0];
    carried = outputs.slice(1, 1 + carried.length);
    outputs.slice(1 + carried.length).forEach((value, i) => (scanned[i] ??= []).push(value));
  }
  const wanted = call.outputs - carried.length;
  if (scanned.length < wanted) call.refuse('has no round, so that the shape of what it collects is not known');
  return [...carried, ...scanned.map((values) => stacked(call, values))];
};

function truth(value: 0 | 1): Value {
  return { kind: 'known', type: 'bool', shape: [], data: Float64Array.of(value) };
}

function holds(call: Call, condition: Value): boolean {
  if (condition.kind !== 'known')
    return call.refuse(
      'goes on as long as the data says so, which a program of fixed size cannot; export without loops',
    );
  return condition.data[0] !== 0;
}
