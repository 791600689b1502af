// InPCA: maps of trained models (src/inpca)

// Trajectories of linear regression (src/trajectories)

// Kernel machines and stochastic gradient descent (src/sgd)

// Deep linear networks (src/deep)

export {};
