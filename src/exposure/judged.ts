import { instant } from "../batch/time.ts";
import type { Carrier, ExposureItem } from "../model/report.ts";
import { carrierOf, type Found, type Source } from "./class.ts";
import type { ExposureContext } from "./context.ts";
import type { EndsBy } from "./ends.ts";
import type { Carried } from "./identity.ts";
import { hours, measure, subtract, type Disjoint, type Interval } from "./windows.ts";

/**
 * One judged credential with the objects behind it. What only some reports print of each carrier is made when it is asked
 * for: a large cluster has hundreds of thousands of carriers.
 */
export class Judged {
  readonly carriers: readonly Carried[];
  readonly workload: Source;
  /** When runs used the credential. */
  readonly uses: Disjoint;
  readonly item: ExposureItem;
  readonly #context: ExposureContext;
  readonly #endsBy: EndsBy;

  constructor(
    { carriers, workload, uses }: Pick<Judged, "carriers" | "workload" | "uses">,
    item: Omit<ExposureItem, "carriers">,
    { context, endsBy }: { context: ExposureContext; endsBy: EndsBy },
  ) {
    this.carriers = carriers;
    this.workload = workload;
    this.uses = uses;
    this.#context = context;
    this.#endsBy = endsBy;
    this.item = withCarriers(item, this);
  }

  /** The windows of the carriers, in their order, in milliseconds. */
  get windows(): Interval[] {
    return this.carriers.map((_, at) => this.windowAt(at));
  }

  windowAt(at: number): Interval {
    return windowOf(this.carriers[at]!.found, this.#context);
  }

  /** As hours count the windows: empty for what is needed all the time. */
  get resting(): Interval[] {
    return this.carriers.map((_, at) => this.restingAt(at));
  }

  restingAt(at: number): Interval {
    return restOf(this.carriers[at]!.found, this.windowAt(at));
  }

  /** The carrier as reports print it. */
  carrierAt(at: number): Carrier {
    const { rule, found } = this.carriers[at]!;
    const carrier = carrierOf(rule.id, found, this.#context);
    carrier.endsBy = isClosed(found, this.windowAt(at), this.#context) ? null : this.#endsBy(rule.id, found);
    carrier.savesHours = saved(this.restingAt(at), this.uses, this.#context.now);
    return carrier;
  }
}

/** Keys in the order in which reports print them. */
function withCarriers(item: Omit<ExposureItem, "carriers">, judged: Judged): ExposureItem {
  const { id, credential, severity, workload, removedFromTemplate, removedBy, rotatedBy, token, ...others } = item;
  return {
    ...{ id, credential, severity, workload, removedFromTemplate, removedBy, rotatedBy, token },
    get carriers() {
      return judged.carriers.map((_, at) => judged.carrierAt(at));
    },
    ...others,
  };
}

/** The window of one finding. */
export function windowOf({ opening, closing }: Found, { now }: ExposureContext): Interval {
  return { from: instant(opening.opens) ?? now, to: instant(closing.at) ?? Infinity };
}

/** The window as hours count it. */
export function restOf({ standing }: Found, window: Interval): Interval {
  return standing === true ? { from: window.from, to: window.from } : window;
}

/** True where the window had closed by the moment of the evidence. */
export function isClosed({ closing }: Found, { to }: Interval, { now }: ExposureContext): boolean {
  return closing.over === true || to < now;
}

/** Hours at rest from now to the window's end; null where it has none. */
function saved({ from, to }: Interval, uses: Disjoint, now: number): number | null {
  if (to === Infinity) return null;
  return hours(measure(subtract([{ from: Math.max(from, now), to }], uses)));
}
