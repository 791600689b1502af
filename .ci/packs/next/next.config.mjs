export default {
  serverExternalPackages: ['@hyperribbon/curvature'],
};
