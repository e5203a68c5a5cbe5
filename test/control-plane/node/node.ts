import { join } from "node:path";
import type { Stored } from "../story.ts";
import type { PlaneFile } from "../plane-file.ts";
import { baseImages, putImage } from "./images.ts";
import type { Image } from "./images.ts";
import type { ImageContent } from "./image-archive.ts";
import { realNodeName } from "./state.ts";
import type { NodeRecord } from "./state.ts";

export type { Image, ImageContent };

/** Where the kubelet keeps what belongs to one pod; as root sees it through /proc, because it is mounted for the node alone. */
export interface PodDisk {
  /** Everything of the pod but its logs; below it `volumes/kubernetes.io~secret/NAME`, `…~projected`, `…~empty-dir`. */
  folder: string;
  /** The logs of its containers: `CONTAINER/0.log`. */
  logs: string;
}

/** A node of the test cluster with a real kubelet and containerd: what it is given runs. */
export interface RealNode {
  /** For spec.nodeName; there is no scheduler. */
  readonly name: string;
  /** Images that are there from the start: busybox alone, and with the plane's kubectl. */
  readonly images: typeof baseImages;
  /** For containers of pods with `hostNetwork: true` that use the API server; others cannot reach it. */
  readonly apiServer: readonly { name: string; value: string }[];
  /**
   * Puts an image under a tag, `localhost/backup:nightly`, in place of what was there; what runs keeps what it has. The
   * same content is the same image, and any difference another digest.
   */
  image(reference: string, content?: ImageContent): Promise<Image>;
  /**
   * A pod spec placed on this node: containers that name no image get busybox, none is ever pulled, nothing is restarted,
   * and deletion takes a second instead of thirty. What the spec says itself stays.
   */
  spec(spec: Stored): Stored;
  /** Where the kubelet keeps what belongs to a pod (the object, for its uid): paths that exist only while there is something. */
  disk(pod: Stored): PodDisk;
}

/** What tests use of the running node that this record describes. */
export function openNode(plane: PlaneFile, { init }: NodeRecord): RealNode {
  const root = `/proc/${String(init!.pid)}/root`;
  const container = (one: Stored): Stored => ({
    image: baseImages.busybox,
    // A tag `latest` would otherwise be asked for at a registry.
    imagePullPolicy: "Never",
    ...one,
  });
  return {
    name: realNodeName,
    images: baseImages,
    apiServer: [
      { name: "KUBERNETES_SERVICE_HOST", value: "127.0.0.1" },
      { name: "KUBERNETES_SERVICE_PORT", value: String(plane.ports.apiserver) },
    ],
    image: (reference, content) => putImage(plane, reference, content),
    spec(spec) {
      const placed: Stored = {
        nodeName: realNodeName,
        restartPolicy: "Never",
        terminationGracePeriodSeconds: 1,
        ...spec,
        containers: (spec["containers"] as Stored[]).map(container),
      };
      if (spec["initContainers"]) placed["initContainers"] = (spec["initContainers"] as Stored[]).map(container);
      return placed;
    },
    disk({ metadata: { namespace, name, uid } }) {
      return {
        folder: join(root, "var/lib/kubelet/pods", uid),
        logs: join(root, "var/log/pods", `${namespace}_${name}_${uid}`),
      };
    },
  };
}
