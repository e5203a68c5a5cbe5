import { execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { waitFor } from "../act.ts";
import type { PlaneFile } from "../plane-file.ts";
import { sandboxImage, snapshotterFor } from "./config.ts";
import { busyboxLayer, fileLayer, imageArchive, kubectlLayer } from "./image-archive.ts";
import type { ImageContent } from "./image-archive.ts";
import { nodePrograms } from "./lacks.ts";
import { nodeFolder } from "./state.ts";

const run = promisify(execFile);

/** An image that the real node has. */
export interface Image {
  /** The tag it was put under: `localhost/backup:nightly`. */
  reference: string;
  /** `localhost/backup@sha256:…`: the same image whatever becomes of the tag, and what a container's status gives as imageID. */
  pinned: string;
  /** `sha256:…`: what follows the `@` of `pinned`. */
  digest: string;
}

/** The images that every real node has from the start. */
export const baseImages = { busybox: "localhost/busybox:1", kubectl: "localhost/kubectl:1" } as const;

/** containerd's client on the node's own socket, which is reached from outside through the node's folder. */
function client({ directory }: PlaneFile): { path: string; args: string[] } {
  const address = join(nodeFolder(directory), "run/containerd/containerd.sock");
  return { path: nodePrograms().ctr, args: ["--address", address, "--namespace", "k8s.io", "images"] };
}

async function load(plane: PlaneFile, archive: Buffer): Promise<void> {
  const { path, args } = client(plane);
  const options = ["import", "--snapshotter", snapshotterFor(plane.directory), "-"];
  const child = spawn(path, [...args, ...options], { stdio: ["pipe", "ignore", "pipe"] });
  const said = text(child.stderr);
  child.stdin.on("error", () => {});
  child.stdin.end(archive);
  const status = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  if (status !== 0) throw new Error(`the real node did not take an image: ${(await said).trim()}`);
}

/** containerd tells its Kubernetes side of images by an event; that marks those it knows of. */
async function known(plane: PlaneFile, reference: string): Promise<boolean> {
  const { path, args } = client(plane);
  const { stdout } = await run(path, [...args, "list", `name==${reference}`]);
  return stdout.includes("io.cri-containerd.image=managed");
}

/** Puts an image under a tag of the node, in place of what was there. Nothing is pulled from anywhere. */
export async function putImage(plane: PlaneFile, reference: string, content: ImageContent = {}): Promise<Image> {
  const [, repository] = /^((?:localhost|[\w-]+(?:[.:][\w.:-]+))\/[\w./-]+):[\w.-]+$/.exec(reference) ?? [];
  if (repository === undefined) {
    throw new Error(`image ${reference} needs a registry and a tag, as localhost/backup:1: nothing is added to it`);
  }
  const layers = [await busyboxLayer(nodePrograms().busybox)];
  if (content.kubectl === true) layers.push(await kubectlLayer(plane.binaries.kubectl));
  if (content.files !== undefined) layers.push(await fileLayer(content.files));
  const { archive, digest } = await imageArchive(layers, content, [reference, `${repository}@`]);
  await load(plane, archive);
  await waitFor(`the node to know image ${reference}`, () => known(plane, reference));
  return { reference, pinned: `${repository}@${digest}`, digest };
}

/** Gives a new node the images that it always has. */
export async function putBaseImages(plane: PlaneFile): Promise<void> {
  // Like a pause container's: it only has to be there, and to collect what others leave behind.
  const pause = ["/bin/sh", "-c", "trap exit TERM; while :; do sleep 86400 & wait $!; done"];
  await putImage(plane, sandboxImage, { command: pause });
  await putImage(plane, baseImages.busybox);
  await putImage(plane, baseImages.kubectl, { kubectl: true });
}
