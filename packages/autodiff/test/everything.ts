// All entries of the package under one name.
export * from '@hyperribbon/autodiff';
export * from '@hyperribbon/autodiff/array';
export * from '@hyperribbon/autodiff/chunked';
export * from '@hyperribbon/autodiff/hash';
export * from '@hyperribbon/autodiff/jit';
export * from '@hyperribbon/autodiff/layers';
export * from '@hyperribbon/autodiff/programs';
export * from '@hyperribbon/autodiff/testing';
