import type { SecretEquality } from "../model/workload.ts";
import type { Found, Source } from "./class.ts";
import type { ExposureContext } from "./context.ts";
import { secretOf } from "./fix-secrets.ts";
import { andMore, inNamespace, NAMES_SHOWN, objectWord, quote, type Step } from "./steps.ts";
import { usesOfCarrier } from "./uses.ts";

/** The annotation that a copy stands in. */
const IN_ANNOTATION = /^metadata\.annotations\[([^\]]+)\]/;

/** Out of the ConfigMaps that hold it, once nothing takes it from there; the copies that `kubectl apply` keeps go too. */
export function configMapEdits(
  name: string,
  found: readonly Found[],
  context: ExposureContext,
  equals?: SecretEquality,
): Step[] {
  const places = [...Map.groupBy(found, ({ object }) => `${object?.namespace ?? ""}/${object?.name ?? ""}`).values()];
  const shown = places.slice(0, NAMES_SHOWN).flatMap((here) => {
    const { object } = here[0]!;
    const configMap = `${quote(`configmap/${object?.name ?? ""}`)}${inNamespace(object?.namespace ?? null)}`;
    const keys = here.flatMap(({ path }) => (IN_ANNOTATION.test(path) ? [] : [path]));
    const copies = [...new Set(here.flatMap(({ path }) => IN_ANNOTATION.exec(path)?.[1] ?? []))];
    const remark = `take ${name} out of ${keys.join(" and ")}${first(here, context, equals)}`;
    return [
      ...(keys.length === 0 ? [] : [{ command: `kubectl edit ${configMap}`, remarks: [remark] }]),
      ...copies.map((key) => ({ command: `kubectl annotate ${configMap} ${quote(`${key}-`)}`, remarks: [] })),
    ];
  });
  return [...shown, { command: null, remarks: [andMore(places.length - NAMES_SHOWN, "configmap")] }];
}

/** What has to come before: CronJobs take the value from elsewhere, and runs, which cannot be changed, end. */
function first(found: readonly Found[], context: ExposureContext, equals?: SecretEquality): string {
  const users = found.flatMap((one) => one.users ?? []).map(({ source }) => source);
  const cronJobs = [...new Set(users.filter(({ kind }) => kind === "CronJob"))];
  const [named] = cronJobs;
  if (named !== undefined)
    return `, after ${shown(named, cronJobs.length)} it from ${secretOf(found[0]?.object?.namespace ?? null, equals)}`;
  const inUse = found.some((one) => usesOfCarrier(one, context).some(({ end }) => end === null));
  return inUse ? ", after the runs that use it have finished" : "";
}

function shown(cronJob: Source, count: number): string {
  return count === 1 ? `${objectWord(cronJob)} takes` : `${objectWord(cronJob)} ${andMore(count - 1, "cronjob")} take`;
}
