import type { MutableImage } from "../../model/replay-report.ts";
import type { Node } from "../../model/snapshot.ts";
import type { Container, PodTemplate } from "../../model/workload.ts";
import { whatIsSeen } from "../../scope/seen.ts";
import type { AssessContext } from "../context.ts";

/** The images of one pod template. */
export interface Images {
  mutable: MutableImage[];
  /** Images that a digest pins. */
  pinned: string[];
  /** Nodes that were left out: they are cordoned or tainted, and tolerations are not in the evidence. */
  leftOut: number;
}

/** True where a digest names the image: it means the same everywhere and always. */
export function isPinned(image: string): boolean {
  return image.includes("@");
}

/** The policy that the API server fills in: Always for the tag latest and for none (SetDefaults_Container, pkg/apis/core/v1/defaults.go). */
export function pullPolicy({ image, imagePullPolicy }: Pick<Container, "image" | "imagePullPolicy">): string {
  if (imagePullPolicy !== null && imagePullPolicy !== "") return imagePullPolicy;
  const [name = "", digest] = image.split("@");
  const tag = /:([^:/]{1,128})$/.exec(name)?.[1];
  return tag === "latest" || (tag === undefined && digest === undefined) ? "Always" : "IfNotPresent";
}

/** Reads templates; which nodes have an image is told by all pods of the evidence, once. */
export function imagesIn({ snapshot }: AssessContext): (template: PodTemplate) => Images {
  const seen = whatIsSeen(snapshot)("nodes", null) === null ? snapshot.nodes : [];
  const names = seen.filter(takesRuns).map(({ meta }) => meta.name);
  const leftOut = seen.length - names.length;
  const nodes = names.length === 0 ? null : names;
  const cached = nodesByImage({ snapshot });
  return ({ containers, nodeName }) => {
    const declared = containers.filter(({ kind }) => kind !== "ephemeral");
    const there = nodeName === null || nodeName === "" ? nodes : [nodeName];
    return {
      leftOut: there === nodes ? leftOut : 0,
      pinned: declared.filter(({ image }) => isPinned(image)).map(({ image }) => image),
      mutable: declared
        .filter(({ image }) => !isPinned(image))
        .map((container) => mutableImage(container, there, [...(cached.get(container.image) ?? [])].sort())),
    };
  };
}

/** A run without tolerations can land there. */
function takesRuns({ unschedulable, taints }: Node): boolean {
  return !unschedulable && taints.every(({ effect }) => effect !== "NoSchedule" && effect !== "NoExecute");
}

function mutableImage(
  { name, image, ...more }: Container,
  nodes: readonly string[] | null,
  on: string[],
): MutableImage {
  const imagePullPolicy = pullPolicy({ image, ...more });
  const asks = (node: string): boolean =>
    imagePullPolicy === "Always" || (imagePullPolicy !== "Never" && !on.includes(node));
  return {
    container: name,
    image,
    imagePullPolicy,
    cachedOn: imagePullPolicy === "Always" ? [] : on,
    pulledOn: nodes === null ? null : nodes.filter(asks).sort(),
  };
}

/** The nodes of which a container's status says that it ran the image. */
function nodesByImage({ snapshot }: Pick<AssessContext, "snapshot">): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { template, containers } of snapshot.pods) {
    if (template.nodeName === null || template.nodeName === "") continue;
    const ran = new Set(containers.filter(({ imageID }) => imageID !== null && imageID !== "").map(({ name }) => name));
    for (const { name, image } of template.containers) {
      if (ran.has(name)) found.getOrInsertComputed(image, () => new Set<string>()).add(template.nodeName);
    }
  }
  return found;
}
