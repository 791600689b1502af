module.exports = { testMatch: ['**/*.test.?(m)js'], transform: {} };
