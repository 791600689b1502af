export { bytesOf, sha256, textDigest, weightsDigest } from './sha256.js';
