import type { Carrier } from "../../model/report.ts";

/** Orders carriers by kind, so that a CronJob comes before its runs, what it runs before what it notes, then by time. */
export function byOrder(a: Carrier, b: Carrier): number {
  return (
    compare(a.object.kind, b.object.kind) ||
    Number(a.class === "literal-annotation") - Number(b.class === "literal-annotation") ||
    compare(a.opens, b.opens) ||
    compare(a.object.namespace ?? "", b.object.namespace ?? "") ||
    compare(a.object.name, b.object.name) ||
    compare(a.path, b.path) ||
    compare(a.class, b.class) ||
    compare(a.closes ?? "", b.closes ?? "") ||
    compare(a.closesBecause, b.closesBecause) ||
    compare(a.closesWhy, b.closesWhy) ||
    compare(a.closesAssumes ?? "", b.closesAssumes ?? "") ||
    compare(a.opensNotBefore, b.opensNotBefore) ||
    Number(a.opensIsBound) - Number(b.opensIsBound) ||
    Number(a.closesIsBound) - Number(b.closesIsBound)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
