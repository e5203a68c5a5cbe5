import type { ClosesBecause, ExposureItem } from "../../model/report.ts";
import type { Sureness } from "./findings.ts";

/** Whether the earliest opening is only the latest that it can have been. */
export function opensIsBound(item: ExposureItem): boolean {
  return item.carriers.some((carrier) => carrier.opens === item.opens && carrier.opensIsBound);
}

/** How sure the latest closing is: of several carriers that close then, the least sure says. */
export function sureness({ carriers, closes }: ExposureItem): Sureness {
  const last = carriers.filter((carrier) => carrier.closes === closes);
  return {
    closesIsBound: last.some((carrier) => carrier.closesIsBound),
    closesAssumes: last.find((carrier) => carrier.closesAssumes !== null)?.closesAssumes ?? null,
  };
}

/** Why there is no closing time: the strongest reason among the carriers that stay open. */
export function whyOpen({ carriers }: ExposureItem): ClosesBecause {
  const open = carriers.filter((carrier) => carrier.closes === null);
  const never = open.find((carrier) => carrier.closesBecause === "never");
  return (never ?? open[0])?.closesBecause ?? "never";
}
