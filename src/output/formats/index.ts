import type { Format } from "../format.ts";
import { json } from "./json.ts";
import { name } from "./name.ts";
import { table } from "./table.ts";
import { wide } from "./wide.ts";
import { yaml } from "./yaml.ts";

/** Every format by its name; -o takes these. */
export const formats = { table, wide, json, yaml, name } as const satisfies Record<string, Format>;

/** Their names, in the order of help. */
export const formatNames = Object.keys(formats) as (keyof typeof formats)[];
