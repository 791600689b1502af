export { folderStore } from './results/folderStore.js';
