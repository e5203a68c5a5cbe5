import type { ExposureClass } from "../model/report.ts";
import type { Found, Source } from "./class.ts";
import type { ExposureContext } from "./context.ts";
import { fromSecret } from "./fix-secrets.ts";
import { mendSchedule } from "./mend-schedule.ts";
import { removals } from "./removals.ts";
import { inNamespace, line, quote, target } from "./steps.ts";
import { tokenAt } from "./tokens.ts";

/** What ends one carrier's window soonest, as a command or the field to set; null where only time ends it, or it is over. */
export type EndsBy = (id: ExposureClass, found: Found) => string | null;

/** An annotation of the object itself, which can be taken off it. */
const OWN_ANNOTATION = /^metadata\.annotations\[([^\]]+)\]/;

/** Commands for the runs of one object are made once, whatever they carry: a pod goes with its Job. */
export function endsByIndex(context: ExposureContext): EndsBy {
  const known = new Map<Source, string | null>();
  const removal = (source: Source): string | null => {
    const run = source.kind === "Pod" ? (context.owners.jobOf(source) ?? source) : source;
    return known.getOrInsertComputed(run, () => {
      const [step] = removals([run], context).filter(({ command }) => command !== null);
      return step?.command == null ? null : line(step.command, step.remarks);
    });
  };
  return (id, found) => {
    const { source, closing, field } = found;
    if (closing.over === true || context.isEarlier(source)) return null;
    switch (id) {
      case "literal-annotation": {
        const key = OWN_ANNOTATION.exec(field)?.[1];
        const mend = mendSchedule(source);
        if (key !== undefined && mend !== "")
          return line(`kubectl edit ${target(source)}`, [`take off the annotation ${key}`, mend]);
        if (key !== undefined) return `kubectl annotate ${target(source)} ${quote(`${key}-`)}`;
        return source.kind === "CronJob" ? edit(found) : removal(source);
      }
      case "literal-env":
      case "literal-args":
        return source.kind === "CronJob" ? edit(found) : removal(source);
      case "configmap-env": {
        const { object, identity } = found;
        if (object === undefined) return null;
        const copy = OWN_ANNOTATION.exec(found.path)?.[1];
        const configMap = `${quote(`configmap/${object.name}`)}${inNamespace(object.namespace)}`;
        if (copy !== undefined) return `kubectl annotate ${configMap} ${quote(`${copy}-`)}`;
        return line(`kubectl edit ${configMap}`, [
          `take ${identity.name} out of ${found.path} and ${fromSecret(object.namespace, identity.equals)}`,
        ]);
      }
      case "termination-message":
      case "log":
      case "node-grant":
        return removal(source);
      case "token-bound":
        // Whoever judges a token for another audience does not ask whether the pod is there.
        return source.kind === "Pod" && tokenAt(source, found.path).audience !== null ? null : removal(source);
      case "token-legacy":
      case "pull-secret": {
        const ref = found.identity.ref;
        if (ref === null) return null;
        const command = `kubectl delete ${quote(`secret/${ref.name}`)}${inNamespace(ref.namespace)}`;
        return line(command, ["once nothing needs it any more"]);
      }
      case "secret-env":
      case "secret-volume":
        return null;
    }
  };
}

function edit({ source, path, identity }: Found): string {
  const instead = fromSecret(source.meta.namespace, identity.equals);
  const remarks = [`take ${identity.name} out of ${path} and ${instead}`, mendSchedule(source)];
  return line(`kubectl edit ${target(source)}`, remarks);
}
