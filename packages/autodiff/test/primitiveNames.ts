import { shapeRules } from '../src/primitives/shapeRules.js';

/** The closed set of primitives, from the table that must list them all. */
export const primitiveNames: readonly string[] = Object.keys(shapeRules);
