/** Compensated sum (Neumaier): error of one rounding, whatever the length. [neumaier1974] */
export class CompensatedSum {
  private sum = 0;
  private correction = 0;

  add(x: number): void {
    const t = this.sum + x;
    this.correction += Math.abs(this.sum) >= Math.abs(x) ? this.sum - t + x : x - t + this.sum;
    this.sum = t;
  }

  get total(): number {
    return this.sum + this.correction;
  }
}
