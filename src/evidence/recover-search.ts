/**
 * A resourceVersion as the number that it is: whole and above zero since Kubernetes 1.35 (KEP-5504, Comparable Resource
 * Version), and in every version before that stored in etcd. Null where it is something else and cannot be counted.
 */
export function versionNumber(resourceVersion: unknown): number | null {
  if (typeof resourceVersion !== "string" || !/^[1-9]\d{0,15}$/.test(resourceVersion)) return null;
  const number = Number(resourceVersion);
  return Number.isSafeInteger(number) ? number : null;
}

/** The first step back from the present, in changes of the whole cluster; each further one is four times as long. */
const FIRST_STEP = 512;
/** Ten minutes to half a second. */
const NEAR_ENOUGH = 1 / 1024;
const MOST_PROBES = 30;

/**
 * The oldest version from `lowest` to `current` that still answers: steps back until one does not, then halves the gap.
 * Exact to a thousandth of the way back, and too new rather than too old when the probes (30) are used up. Null when
 * even `current` does not answer. What `answers` throws ends the search.
 */
export async function oldestAnswering(
  current: number,
  answers: (version: number) => Promise<boolean>,
  lowest = 1,
): Promise<number | null> {
  if (!(await answers(current))) return null;
  let probes = 1;
  const probe = (version: number): Promise<boolean> => {
    probes += 1;
    return answers(version);
  };
  let oldest = current;
  let forgotten = lowest - 1;
  for (let step = FIRST_STEP; oldest > lowest && probes < MOST_PROBES; step *= 4) {
    const version = Math.max(lowest, current - step);
    if (await probe(version)) oldest = version;
    else {
      forgotten = version;
      break;
    }
  }
  while (oldest - forgotten > Math.max(1, (current - oldest) * NEAR_ENOUGH) && probes < MOST_PROBES) {
    const version = Math.floor((oldest + forgotten) / 2);
    if (await probe(version)) oldest = version;
    else forgotten = version;
  }
  return oldest;
}

/** So many versions, evenly between two, neither of them included. */
export function versionsBetween(from: number, to: number, count: number): number[] {
  const all = Array.from({ length: count }, (_, index) => Math.round(from + ((to - from) * (index + 1)) / (count + 1)));
  return [...new Set(all)].filter((version) => version > from && version < to);
}
