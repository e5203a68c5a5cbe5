import type { ExposureClass } from "../model/report.ts";
import type { FixRequest, Found, Source } from "./class.ts";
import type { ExposureContext } from "./context.ts";
import { configMapEdits } from "./fix-configmaps.ts";
import { fromSecret, rotate } from "./fix-secrets.ts";
import { mendSchedule } from "./mend-schedule.ts";
import { removals, strandedPods } from "./removals.ts";
import { andMore, inNamespace, inOrder, named, NAMES_SHOWN, objectWord, quote, target, type Step } from "./steps.ts";

/** An annotation of the object itself, which can be taken off it; those of templates go with the template. */
const OWN_ANNOTATION = /^metadata\.annotations\[([^\]]+)\]/;

/**
 * Out of everything that holds it: templates are edited, annotations taken off what stays, runs removed. A copy that is
 * left behind, in last-applied-configuration above all, would be read as before.
 */
export function literalFix({ name, carriers, context, everyoneBy, equals }: FixRequest): string {
  const literals = of(carriers, "literal-env", "literal-args", "literal-annotation");
  const inside = literals.filter(({ field }) => !OWN_ANNOTATION.test(field));
  const templates = inside.filter(({ source }) => source.kind === "CronJob");
  // What a container wrote or printed goes with its pod.
  const written = [...inside, ...of(carriers, "termination-message", "log")];
  const runs = [...new Set(written.map(({ source }) => source))].filter(({ kind }) => kind !== "CronJob");
  const going = new Set(runs);
  const annotated = literals.filter(({ field, source }) => OWN_ANNOTATION.test(field) && !going.has(source));
  const steps = [
    ...edits(name, templates, equals),
    ...configMapEdits(name, of(carriers, "configmap-env"), context, equals),
    ...annotationRemovals(annotated),
    ...removals(runs, context),
    ...recreations(name, runs, context),
  ];
  return inOrder(steps, [`then ${rotate(name, equals)}`, ...everyoneBy]);
}

function of(carriers: FixRequest["carriers"], ...classes: readonly ExposureClass[]): Found[] {
  return carriers.filter((one) => classes.includes(one.class)).map(({ found }) => found);
}

function edits(name: string, found: readonly Found[], equals: FixRequest["equals"]): Step[] {
  const places = [...Map.groupBy(found, ({ source }) => source)];
  const shown = places.slice(0, NAMES_SHOWN).map(([source, here]) => ({
    command: `kubectl edit ${target(source)}`,
    remarks: [
      `take ${name} out of ${paths(here)} and ${fromSecret(source.meta.namespace, equals)}`,
      mendSchedule(source),
    ],
  }));
  return [...shown, { command: null, remarks: [andMore(places.length - shown.length, "cronjob")] }];
}

function paths(found: readonly Found[]): string {
  return [...new Set(found.map(({ path }) => path))].join(" and ");
}

/** One command for the objects of a namespace; a key that one of them lacks is no error to kubectl. */
function annotationRemovals(found: readonly Found[]): Step[] {
  const objects = [...new Set(found.map(({ source }) => source))];
  const [first] = objects;
  if (first === undefined) return [];
  const { here, more } = named(objects, "object");
  const keys = found.filter(({ source }) => here.includes(source)).map(({ field }) => OWN_ANNOTATION.exec(field)![1]!);
  const words = [...new Set(keys)].map((key) => quote(`${key}-`)).join(" ");
  const command = `kubectl annotate ${here.map(objectWord).join(" ")}${inNamespace(first.meta.namespace)} ${words}`;
  return [{ command, remarks: [more, ...new Set(here.map(mendSchedule))] }];
}

/** A pod that runs without a Job cannot be changed, and to delete it would end its work: that is for people to time. */
function recreations(name: string, runs: readonly Source[], context: ExposureContext): Step[] {
  const pods = strandedPods(runs, context);
  if (pods.length === 0) return [];
  const { here, more } = named(pods, "pod");
  const what = `${here.map(objectWord).join(" ")}${inNamespace(pods[0]!.meta.namespace)}`;
  return [{ command: null, remarks: [`recreate ${what} with ${name} from a Secret`, more] }];
}
