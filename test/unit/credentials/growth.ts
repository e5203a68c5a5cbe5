/** How much more text the larger measure is of. Linear work takes as many times as long, quadratic work the square of it. */
export const TIMES = 8;
/** Work that takes longer than this many times is not linear; in between lie caches, collections of garbage, and noise. */
export const MOST = 3 * TIMES;

const SMALLEST = 64 << 10;
const LARGEST = 512 << 10;
/** From here on the measure is larger than its noise. Milliseconds. */
const MEASURABLE = 40;
/** What takes less than this for the largest text, no growth makes dangerous. Milliseconds. */
const NOTHING = 5;

/** Time that this thread computed, in milliseconds: what else the machine does, collectors of garbage included, is not in it. */
export function cpuTimeOf(work: () => void): number {
  const { user, system } = process.threadCpuUsage();
  work();
  const after = process.threadCpuUsage();
  return (after.user - user + after.system - system) / 1000;
}

/**
 * How many times as long the work takes for TIMES as much text: the least of three measures, at a size that can be measured. The
 * size grows as far as the work is cheap, because a small quadratic part shows in large texts only.
 */
export function growthOf(work: (text: string) => void, ofSize: (size: number) => string): number {
  const timeAt = (text: string): number =>
    cpuTimeOf(() => {
      work(text);
    });
  timeAt(ofSize(SMALLEST / TIMES));
  let size = SMALLEST;
  while (size < LARGEST && timeAt(ofSize(size)) < MEASURABLE) size *= 2;
  const [small, large] = [ofSize(size / TIMES), ofSize(size)];
  let least = Infinity;
  for (let attempt = 0; attempt < 3 && least > MOST; attempt++) {
    const time = timeAt(large);
    least = Math.min(least, time < NOTHING ? 0 : time / Math.max(timeAt(small), timeAt(small)));
  }
  return least;
}
