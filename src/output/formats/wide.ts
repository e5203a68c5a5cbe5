import type { Format } from "../format.ts";
import { writeTable } from "./table.ts";

/** Every column, nothing cut. */
export const wide: Format = {
  name: "wide",
  help: "all columns, nothing cut",
  write: (report, sink, options) => writeTable(report, sink, options, true),
};
