/** How much more text the larger measure is of. Linear work takes as many times as long, quadratic work the square of it. */
export const TIMES = 8;
/** Work that takes longer than this many times is not linear; in between lie caches, collections of garbage, and noise. */
export const MOST = 3 * TIMES;

const SMALLEST = 32 << 10;
const LARGEST = 512 << 10;
/** From here on the measure is larger than its noise. Milliseconds. */
const MEASURABLE = 40;
/** What takes less than this for the largest text, no growth makes dangerous. Milliseconds. */
const NOTHING = 5;

/** Time that this process computed, in milliseconds: what else the machine does is not in it. A thread's own is known too coarsely. */
export function cpuTimeOf(work: () => void): number {
  const started = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

/**
 * How many times as long the work takes for TIMES as much text, at a size that can be measured. It grows as far as the work is
 * cheap, because a small quadratic part shows in large texts only. What seems too long is measured again, and the least counts.
 */
export function growthOf(work: (text: string) => void, ofSize: (size: number) => string): number {
  const timeAt = (text: string): number =>
    cpuTimeOf(() => {
      work(text);
    });
  timeAt(ofSize(SMALLEST / TIMES));
  let size = SMALLEST;
  let time = timeAt(ofSize(size));
  while (size < LARGEST && time < MEASURABLE) time = timeAt(ofSize((size *= 2)));
  if (time < NOTHING) return 0;
  const [small, large] = [ofSize(size / TIMES), ofSize(size)];
  let least = Infinity;
  for (let attempt = 0; attempt < 3 && least > MOST; attempt++) {
    // The small text so many times over: as much work as the large one, if it is linear, and as well measured.
    const ofSmall = (): number =>
      cpuTimeOf(() => {
        for (let i = 0; i < TIMES; i++) work(small);
      });
    // The first time may be spent on compiling.
    const base = Math.min(ofSmall(), ofSmall());
    if (attempt > 0) time = timeAt(large);
    least = Math.min(least, (time / base) * TIMES);
  }
  return least;
}
