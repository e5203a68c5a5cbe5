import type { ConfigMap, Snapshot } from "../model/snapshot.ts";
import type { CronJob, Job, Literal, Pod, PodTemplate } from "../model/workload.ts";
import { ownersIn } from "./own-rules-annotation.ts";
import type { Annotated } from "./own-rules-annotation.ts";
import { Decisions } from "./own-rules-decide.ts";
import { isOwnNote, ownNotes } from "./own-rules-notes.ts";
import type { OwnRules } from "./own-rules.ts";

/**
 * The snapshot with what the operator's file ignores marked, and what annotations ignore marked as confirmed or not. `fresh`: these
 * rules were there when values were read; otherwise what hangs on values is left out and said. The clock is the snapshot's.
 */
export function applyRules(snapshot: Snapshot, rules: OwnRules, fresh: boolean): Snapshot {
  const { cronjobs, jobs, pods, configmaps, earlier } = snapshot;
  const past = earlier ?? { cronjobs: [], jobs: [], pods: [] };
  const ownerOf = ownersIn([...cronjobs, ...jobs, ...past.cronjobs, ...past.jobs]);
  const now = Date.parse(snapshot.metadata.takenAt);
  const marker = new Marker(new Decisions(rules, { ownerOf, now, fresh }));
  const marked = {
    cronjobs: cronjobs.map((one) => marker.cronJob(one)),
    jobs: jobs.map((one) => marker.job(one)),
    pods: pods.map((one) => marker.pod(one)),
    configmaps: configmaps.map((one) => marker.configMap(one)),
    earlier: earlier && {
      ...earlier,
      cronjobs: earlier.cronjobs.map((one) => marker.cronJob(one)),
      jobs: earlier.jobs.map((one) => marker.job(one)),
      pods: earlier.pods.map((one) => marker.pod(one)),
    },
  };
  const others = snapshot.notes.filter((note) => !isOwnNote(note));
  const notes = ownNotes(rules, { now, fresh, namespaces: snapshot.metadata.scope.namespaces });
  return { ...snapshot, ...marked, notes: [...others, ...notes] };
}

class Marker {
  readonly #decisions: Decisions;
  /** Templates that are equal stay one object. */
  readonly #templates = new WeakMap<PodTemplate, Map<string, PodTemplate>>();

  constructor(decisions: Decisions) {
    this.#decisions = decisions;
  }

  cronJob(object: CronJob): CronJob {
    const template = this.#template(object.job.template, object);
    const annotationLiterals = this.#literals(object.annotationLiterals, object);
    if (template === object.job.template && annotationLiterals === object.annotationLiterals) return object;
    return { ...object, annotationLiterals, job: { ...object.job, template } };
  }

  job(object: Job): Job {
    const template = this.#template(object.spec.template, object);
    const annotationLiterals = this.#literals(object.annotationLiterals, object);
    if (template === object.spec.template && annotationLiterals === object.annotationLiterals) return object;
    return { ...object, annotationLiterals, spec: { ...object.spec, template } };
  }

  pod(object: Pod): Pod {
    return {
      ...object,
      template: this.#template(object.template, object),
      annotationLiterals: this.#literals(object.annotationLiterals, object),
      messageLiterals: this.#literals(object.messageLiterals, object),
      logLiterals: this.#literals(object.logLiterals, object),
    };
  }

  configMap(object: ConfigMap): ConfigMap {
    return { ...object, literals: this.#literals(object.literals, object) };
  }

  #template(template: PodTemplate, object: Annotated): PodTemplate {
    const literals = this.#literals(template.literals, object);
    if (literals === template.literals) return template;
    const key = JSON.stringify(literals.map(({ ignored, confidence }) => [ignored ?? null, confidence]));
    return this.#templates
      .getOrInsertComputed(template, () => new Map<string, PodTemplate>())
      .getOrInsertComputed(key, () => ({ ...template, literals }));
  }

  /** The same list where nothing changes. */
  #literals<L extends Literal>(literals: L[], object: Annotated): L[] {
    const decided = literals.map((literal) => this.#decisions.of(literal, object));
    return decided.every((one, index) => one === literals[index]) ? literals : decided;
  }
}
