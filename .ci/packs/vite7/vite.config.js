export default {
  optimizeDeps: { exclude: ['@hyperribbon/curvature'] },
};
