// Where does the gradient stand among the eigenvectors of the Hessian? node docs/studies/landscape/gradient-in-top.mjs
import { mnist, subset } from '@hyperribbon/data';
import { gradientInTop } from '@hyperribbon/landscape';
import { constantSchedule, mlp, sgd, train } from '@hyperribbon/nn';
import { openRecord, writeTable } from '../record.mjs';

const settings = {
  data: 'MNIST, 10,000 images; gradient and Hessian of the first 2,000',
  network: 'relu 784-100-100-10, softmax cross-entropy',
  training: 'stochastic gradient descent, batches of 50, rate 0.1, 5 epochs',
  seeds: [0, 1, 2],
  k: 10,
};
const record = openRecord('landscape/gradient-in-top', settings);
const data = (await mnist({ limit: 10_000 })).train;
const few = subset(data, 0, 2000);
const network = mlp([784, 100, 100, 10], { activation: 'relu' });
const rows = [['seed', 'weights', 'share of ‖g‖² in the top 10', 'overlap of g with Hg', 'gᵀHg/‖g‖²', 'λ₁']];
for (const seed of settings.seeds) {
  const found = await record.piece(`seed ${seed}`, async () => {
    const initial = network.init(seed);
    const { params } = await train(network, data, {
      epochs: 5,
      batchSize: 50,
      optimizer: sgd(),
      schedule: constantSchedule(0.1),
      initial,
      seed,
    });
    const moments = [];
    for (const at of [initial, params]) {
      const {
        vectors: _vectors,
        values,
        residualNorms,
        ...rest
      } = await gradientInTop(network, at, few, {
        k: settings.k,
        dtype: 'float32',
      });
      moments.push({ ...rest, values: [...values], residualNorms: [...residualNorms] });
    }
    return moments;
  });
  found.forEach(({ topShare, productOverlap, alongGradient, values }, i) =>
    rows.push([
      seed,
      i === 0 ? 'start' : 'trained',
      topShare.toFixed(3),
      productOverlap.toFixed(3),
      alongGradient.toPrecision(3),
      values[0].toPrecision(3),
    ]),
  );
}
writeTable('landscape/gradient-in-top.md', 'shares', rows);
process.stderr.write(
  `${record.seconds().toFixed(0)} s in all; the table is in docs/studies/landscape/gradient-in-top.md\n`,
);
