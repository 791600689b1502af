export { directionsDefect, orthonormalDirections } from './orthonormalDirections.js';
